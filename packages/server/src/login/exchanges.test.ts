import { TokenRequestError } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { readOptions } from "../settings/settings.ts";
import { createExchanges, isUnspent } from "./exchanges.ts";

const secret = "kq3Yb1mZ0Xo7vG5nTt8fHhPz2sRwUeAiLdJcVgB9x4Q";

function exchangesOf(name: string, now = Date.now) {
  return createExchanges(
    readOptions({ provider: spotify, clientId: "c", baseUrl: "https://app.example", secret, name, now }),
  );
}

const failure = (outcome: "refused" | "unavailable" | "unknown") =>
  new TokenRequestError("x", { code: "provider_unavailable", outcome, hint: "x" });

const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => "done",
    (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
  );

describe("the exchanges of a process", () => {
  it.each(["success", "refused", "unknown"] as const)("D2 spend an attempt by one request: %s", async (outcome) => {
    const exchanges = exchangesOf(`spent-${outcome}`);
    let sent = 0;
    const send = async () => {
      sent++;
      if (outcome !== "success") throw failure(outcome);
    };
    const codes = [];
    for (let count = 0; count < 3; count++) codes.push(await codeOf(exchanges.run("a", send)));
    expect(codes).toEqual([
      outcome === "success" ? "done" : "provider_unavailable",
      "login_not_found",
      "login_not_found",
    ]);
    expect(sent).toBe(1);
    expect(await codeOf(exchanges.run("b", async () => {}))).toBe("done");
    expect(await codeOf(exchangesOf(`other-${outcome}`).run("a", async () => {}))).toBe("done");
  });

  it("D2 leave an attempt unspent that the provider has not seen, five times", async () => {
    const exchanges = exchangesOf("unseen");
    let sent = 0;
    const send = async () => {
      sent++;
      throw failure("unavailable");
    };
    for (let count = 0; count < 20; count++) await codeOf(exchanges.run("a", send));
    expect(sent).toBe(5);
    await codeOf(exchanges.run("b", send));
    expect(await codeOf(exchanges.run("b", async () => {}))).toBe("done");
    expect(await codeOf(exchanges.run("b", async () => {}))).toBe("login_not_found");
  });

  it("D2 are 64 at once, over all instances; one more is unspent", async () => {
    const [one, two] = [exchangesOf("crowd"), exchangesOf("another-crowd")];
    const ends: (() => void)[] = [];
    const slow = () => new Promise<void>((resolve) => ends.push(resolve));
    const running = Array.from({ length: 64 }, (_, index) => (index % 2 ? one : two).run(`s${index}`, slow));
    await expect.poll(() => ends.length).toBe(64);
    const refused = await one.run("late", slow).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "too_many_logins", status: 503, headers: { "retry-after": "1" } });
    expect(ends).toHaveLength(64);
    ends[0]?.();
    await Promise.race(running);
    expect(await codeOf(one.run("late", async () => {}))).toBe("done");
    for (const end of ends) end();
    await Promise.all(running);
  });

  it("D2 end after 15 seconds, also those of a worker that was stopped", async () => {
    const clock = { at: 1_800_000_000_000 };
    const exchanges = exchangesOf("stopped", () => clock.at);
    for (let count = 0; count < 64; count++) void exchanges.run(`s${count}`, () => new Promise(() => {}));
    await exchanges.run("full", async () => {}).catch(() => {});
    clock.at += 15_000;
    expect(await codeOf(exchanges.run("in time", async () => {}))).toBe("too_many_logins");
    clock.at += 1;
    expect(await codeOf(exchanges.run("late", async () => {}))).toBe("done");
  });

  it("tells a code that was not seen from one that may have been", () => {
    expect(isUnspent(failure("unavailable"))).toBe(true);
    for (const other of [failure("refused"), failure("unknown"), new Error("x"), null]) {
      expect(isUnspent(other)).toBe(false);
    }
  });
});
