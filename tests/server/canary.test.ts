import { inspect } from "node:util";
import type { PixyEvent } from "@pixy/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createWebApp, secret } from "../lib/web-app.ts";

/** Every way in which a value ends in a log. */
function printed(value: unknown): string {
  const causes: unknown[] = [];
  for (let cause = value; cause instanceof Error; cause = cause.cause)
    causes.push(cause.message, cause.stack, cause.cause);
  return [
    String(value),
    inspect(value, { depth: 9, showHidden: true }),
    JSON.stringify(value),
    ...causes.map(String),
  ].join("\n");
}

describe("canary", () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation((...values) => void lines.push(values.map(printed).join(" ")));
    }
  });
  afterEach(() => vi.restoreAllMocks());

  it("K17 P10: no token, code, verifier, state or secret shows where somebody might read it", async () => {
    const events: PixyEvent[] = [];
    const errors: unknown[] = [];
    const app = createWebApp({
      provider: { rotation: "rotate" },
      options: {
        onEvent: (event) => {
          events.push(event);
          console.log(event);
        },
        onError: (error) => {
          errors.push(error);
          return null;
        },
      },
    });
    const { provider, clock, origin } = app;
    const browser = app.browser();
    const bodies: string[] = [];
    const visit = async (page: Promise<{ body: string; setCookies: readonly string[] }>) => {
      const { body } = await page;
      bodies.push(body);
    };

    await visit(browser.login(`${origin}/me`, { person: "ada" }));
    await visit(browser.login(`${origin}/playlists`, { person: "ada" }));
    await visit(browser.call(`${origin}/auth/session`));
    clock.advance(3_601_000);
    await visit(browser.call(`${origin}/me`));
    const faults = [
      { kind: "html", status: 200 },
      { kind: "half-json" },
      { kind: "status", status: 500 },
      { kind: "reset-after-consume" },
      { kind: "status", status: 400, body: { error: "invalid_client", error_description: "who are you" } },
    ] as const;
    for (const fault of faults) {
      clock.advance(3_601_000);
      provider.fault({ at: "token", times: 2, ...fault });
      await visit(browser.call(`${origin}/me`));
    }
    provider.revokeGrants();
    clock.advance(3_601_000);
    await visit(browser.call(`${origin}/me`));
    // A login that fails shows its page at the callback, where a reload may still finish it.
    const finishedLogins = [...browser.history];
    await visit(browser.navigate(`${origin}/auth/callback?code=stolen&state=${"x".repeat(43)}`));
    const started = await browser.navigate(`${origin}/auth/login`, { follow: false });
    const callback = await provider.authorize(started.headers.get("location") ?? "", { person: "ada" });
    provider.fault({ at: "token", times: 1, kind: "half-json", consume: true });
    await visit(browser.navigate(callback));

    const canaries = new Map<string, string>([["session secret", secret]]);
    for (const request of provider.requests) {
      const { code_verifier: verifier, code, refresh_token: refresh } = request.parameters;
      const access = request.headers.authorization?.replace(/^Bearer /i, "");
      for (const [name, value] of Object.entries({ verifier, code, refresh, access }))
        if (value) canaries.set(value, name);
    }
    expect([...canaries.values()]).toEqual(expect.arrayContaining(["verifier", "code", "refresh", "access"]));

    const cookies = (await browser.cookies(origin)).map((cookie) => `${cookie.name}=${cookie.value}`);
    const setCookies = browser.hops.flatMap((hop) => hop.setCookies);
    const decoded = [...cookies, ...setCookies].flatMap((line) =>
      line.split(/[=.;]/).map((part) => Buffer.from(part, "base64url").toString("latin1")),
    );
    const places: Record<string, string> = {
      logs: lines.join("\n"),
      events: events.map(printed).join("\n"),
      errors: errors.map(printed).join("\n"),
      history: finishedLogins.join("\n"),
      bodies: bodies.join("\n"),
      cookies: [...cookies, ...setCookies, ...decoded].join("\n"),
    };
    expect(places.logs).not.toBe("");
    expect(errors.length).toBeGreaterThan(3);
    for (const [value, name] of canaries) {
      if (name === "session secret") continue;
      for (const [place, text] of Object.entries(places))
        expect({ name, place, found: text.includes(value) }).toEqual({ name, place, found: false });
    }
    for (const [place, text] of Object.entries(places)) {
      expect({ place, found: text.includes(secret) }).toEqual({ place, found: false });
    }
  });
});
