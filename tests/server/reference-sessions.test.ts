import { createGrants, memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { type ConnectingOptions, createAuth, issueSession } from "@pixy/server";
import { describe, expect, it } from "vitest";
import { createSharingApp, type SharingApp } from "../lib/sharing-app.ts";
import { secret } from "../lib/web-app.ts";
import { describeSharing } from "./sharing-contract.ts";

const origin = "https://app.example";
const me = `${origin}/me`;
const hour = 3_600_000;
const owner = "user-42";
const revocations = ({ provider }: SharingApp) => provider.requests.filter(({ kind }) => kind === "revoke").length;

describeSharing(createSharingApp);

describe("whose login it is", () => {
  it("is asked once for a login, before onLogin, and never again", async () => {
    const asked: string[] = [];
    const app = createSharingApp({
      options: {
        owner: ({ scope }) => {
          asked.push(`owner ${scope}`);
          return owner;
        },
        onLogin: () => {
          asked.push("onLogin");
          return null;
        },
      },
    });
    const browser = await app.loggedIn();
    app.clock.advance(hour);
    expect((await browser.call(me)).status).toBe(200);
    expect(asked).toEqual(["owner user-read-private", "onLogin"]);
    expect((await app.auth.sessionsOf(owner)).map((each) => each.owner)).toEqual([owner]);
  });

  it("is the provider's key and the account's id where the app does not say", async () => {
    const app = createSharingApp();
    await app.loggedIn();
    expect(await app.grants.list({ owner: "spotify:ada-1815" })).toMatchObject([{ subject: "ada-1815" }]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("down")), /owner or accountOf threw/],
    ["is nobody", () => undefined as unknown as string, /your own id of the person as text/],
  ])("ends the login where it %s, says so, and revokes nothing", async (_what, failing, hint) => {
    const app = createSharingApp({ options: { owner: failing } });
    const browser = await app.loggedIn();
    expect([browser.page?.status, (await app.session(browser)).loggedIn, revocations(app)]).toEqual([503, false, 0]);
    expect(app.events.at(-1)).toMatchObject({
      code: "login_handler_failed",
      error: { hint: expect.stringMatching(hint) },
    });
  });
});

describe("a stranger's mistakes with shared grants say what to write", () => {
  const registration = { provider: spotify, clientId: "client" };
  const grantsOf = (change: object = {}) =>
    createGrants({
      ...{ providers: { spotify: { ...registration, ...change } }, secret },
      store: memoryStore({ now: () => 0 }),
    });
  const { profile: _profile, ...silent } = spotify;

  it.each([
    [{ ...registration, secret, owner: () => "x" }, "owner", /createGrants/],
    [{ grants: grantsOf(), owner: "user-42" }, "owner", /async \(login\)/],
    [{ grants: grantsOf({ provider: silent }) }, "accountOf", /has no profile.*accountOf: async/],
    [{ grants: grantsOf(), profile: false }, "accountOf", /has no profile/],
    [{ grants: grantsOf(), accountOf: "id" }, "accountOf", /function/],
    [{ grants: grantsOf(), onConflict: "merge" }, "onConflict", /"refuse" or "replace"/],
  ])("%#", (options, option, message) => {
    const create = () => createAuth({ baseUrl: origin, ...options } as ConnectingOptions);
    expect(create).toThrow(expect.objectContaining({ option, message: expect.stringMatching(message) }));
  });

  it("an app whose sessions have no owner is told what endAll needs", async () => {
    const auth = createAuth({ ...registration, secret, baseUrl: origin });
    const refused = { code: "invalid_option", option: "grants", hint: expect.stringContaining("owner: (login)") };
    await expect(auth.endAll("x")).rejects.toMatchObject(refused);
    await expect(auth.sessionsOf("x")).rejects.toMatchObject(refused);
    await expect(auth.endSession("x", "y")).rejects.toMatchObject(refused);
  });

  it("a store without epochs is told so", async () => {
    const { epochs: _epochs, ...store } = memoryStore({ now: () => 0 });
    const grants = createGrants({ providers: { spotify: registration }, secret, store, without: ["epochs"] });
    const auth = createAuth({ grants, baseUrl: origin });
    await expect(auth.endAll("x")).rejects.toMatchObject({
      option: "store",
      hint: expect.stringContaining("epochs"),
    });
    await expect(auth.endAll(undefined as unknown as string)).rejects.toMatchObject({ option: "owner" });
  });
});

describe("issueSession", () => {
  it("opens a session for an owner, who is to be named", async () => {
    const store = memoryStore();
    const grants = createGrants({ providers: { spotify: { provider: spotify, clientId: "client" } }, secret, store });
    const options = { grants, baseUrl: origin } as ConnectingOptions<null>;
    const tokens = { accessToken: "token" };
    const lines = await issueSession(options as never, { tokens, data: null, owner, subject: "ada-1815" });
    const auth = createAuth(options);
    const cookie = lines.map((line) => line.slice(0, line.indexOf(";"))).join("; ");
    const session = await auth
      .open({ method: "GET", url: "/", header: (name) => (name === "cookie" ? cookie : null) })
      .session();
    expect([session?.owner, await grants.has({ owner })]).toEqual([owner, true]);
    await expect(issueSession(options as never, { tokens, data: null })).rejects.toMatchObject({ option: "owner" });
  });
});
