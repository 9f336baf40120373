import { describe, expect, it } from "vitest";
import { createConnectApp } from "../lib/connect-app.ts";

async function connect(app: ReturnType<typeof createConnectApp>, owner: string, person: "ada" | "grace" = "ada") {
  const { answer, cookie } = await app.begin(owner);
  return app.come(await app.decide(answer, person), cookie, owner);
}

describe("an account that is to be connected", () => {
  it("is refused where another user has it, or the user has another one; who it is, nobody is told", async () => {
    const app = createConnectApp();
    expect((await connect(app, "user-1")).status).toBe(303);
    const taken = await connect(app, "user-2");
    const page = await taken.text();
    expect([taken.status, page.includes("another user already"), page.includes("user-1")]).toEqual([403, true, false]);
    const second = await connect(app, "user-1", "grace");
    expect([second.status, (await second.text()).includes("Another account")]).toEqual([403, true]);
    expect((await app.grants.list({ owner: "user-1" })).map(({ subject }) => subject)).toEqual(["ada-1815"]);
    expect((await connect(app, "user-1")).status).toBe(303);
  });

  it("may be finished again by a reload, where the provider has not seen the code", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin("user-1");
    const back = await app.decide(answer);
    app.provider.fault({ at: "token", kind: "status", status: 503 });
    const away = await app.come(back, cookie, "user-1");
    expect([away.status, away.headers.getSetCookie()]).toEqual([503, []]);
    app.provider.clearFaults();
    expect((await app.come(back, cookie, "user-1")).status).toBe(303);
    expect(await app.grants.has({ owner: "user-1" })).toBe(true);
  });

  it("is connected once by a callback that comes twice, and both lead on; so does the back button", async () => {
    const app = createConnectApp();
    const { answer, cookie } = await app.begin("user-1");
    const back = await app.decide(answer);
    const twins = await Promise.all([app.come(back, cookie, "user-1"), app.come(back, cookie, "user-1")]);
    const leads = (page: Response) => [page.status, page.headers.get("location")];
    expect([...twins.map(leads), app.provider.tokenRequests("authorization_code").length]).toEqual([
      ...[[303, "/settings"], [303, "/settings"], 1],
    ]);
    const spent = twins[0]?.headers.getSetCookie().find((line) => line.includes("-done=")) ?? "";
    expect(leads(await app.come(back, spent.split(";")[0] ?? "", "user-1"))).toEqual([303, "/settings"]);
  });

  it("moves where the app says so", async () => {
    const app = createConnectApp({ onConflict: "replace" });
    for (const owner of ["user-1", "user-2"]) expect((await connect(app, owner)).status).toBe(303);
    expect([await app.grants.has({ owner: "user-1" }), await app.grants.has({ owner: "user-2" })]).toEqual([
      false,
      true,
    ]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("down"))],
    ["returns no id", () => undefined as unknown as string],
  ])("is not connected where accountOf %s", async (_what, accountOf) => {
    const app = createConnectApp({ accountOf });
    const failed = await connect(app, "user-1");
    expect([failed.status, failed.headers.get("retry-after"), await app.grants.has({ owner: "user-1" })]).toEqual([
      ...[503, "1", false],
    ]);
    expect(app.events.at(-1)).toMatchObject({ type: "login.failed", code: "login_handler_failed" });
  });
});
