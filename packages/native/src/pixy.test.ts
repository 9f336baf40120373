import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Provider } from "@pixy/core";
import { memoryStore } from "@pixy/grants";
import { describe, expect, it, vi } from "vitest";
import { createWorld } from "../test/world.ts";
import { LoginError } from "./errors.ts";
import { pixy } from "./pixy.ts";

const required = { code: "login_required", hint: "Run: now-playing login" };

describe("a command line", () => {
  it("logs in once, and every process after it has a token that is valid now", async () => {
    const { server, app, clock } = await createWorld({ rotation: "strict" });
    expect(await app().login()).toMatchObject({ loggedIn: true, scope: ["user-read-private"] });
    expect(await (await app().fetch("/v1/me")).json()).toMatchObject({ display_name: "Ada Lovelace" });
    const end = async () => (await app().status()).accessTokenExpiresAt?.getTime();
    expect(await end()).toBe(clock.now() + 3_600_000);
    clock.advance(3_600_000);
    expect([await end(), server.tokenRequests("refresh_token")]).toEqual([clock.now(), []]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => app().fetch("/v1/me")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
    expect(await end()).toBe(clock.now() + 3_600_000);
    expect(server.violations).toEqual([]);
  });

  it("opens no browser where somebody is logged in, also while the provider is away", async () => {
    const { server, app, clock, logIn } = await createWorld();
    await logIn();
    const unseen = app({ openBrowser: () => Promise.reject(new Error("A browser was opened.")) });
    expect((await unseen.login()).loggedIn).toBe(true);
    clock.advance(3_600_000);
    server.fault({ at: "token", kind: "status", status: 503 });
    expect((await unseen.login()).loggedIn).toBe(true);
    await expect(unseen.fetch("/v1/me")).rejects.toMatchObject({ code: "provider_unavailable" });
  });

  it("is told what to run where nobody is logged in, and opens no browser by itself", async () => {
    const { app, server } = await createWorld();
    const auth = app();
    await expect(auth.fetch("/v1/me")).rejects.toMatchObject(required);
    await expect(auth.tokens()).rejects.toMatchObject(required);
    await expect(auth.accessToken()).rejects.toMatchObject(required);
    await expect(app({ loginCommand: "np auth" }).fetch("/v1/me")).rejects.toMatchObject({ hint: "Run: np auth" });
    expect(await auth.status()).toEqual({
      ...{ loggedIn: false, scope: [], accessTokenExpiresAt: null, reauthDueAt: null },
    });
    expect(server.requests).toEqual([]);
  });

  it("logs in by a fetch that says it may", async () => {
    const { app, prompts } = await createWorld();
    expect((await app().fetch("/v1/me", { interactive: true })).status).toBe(200);
    expect((await app().fetch("/v1/me", { interactive: true, method: "GET" })).status).toBe(200);
    expect(prompts).toHaveLength(1);
  });

  it("wants a login again once the provider has ended the grant", async () => {
    const { app, server, clock, logIn } = await createWorld();
    await logIn();
    server.revokeGrants();
    clock.advance(3_600_000);
    await expect(app().fetch("/v1/me")).rejects.toMatchObject({ ...required, cause: { code: "reauth_required" } });
    await logIn();
    expect((await app().fetch("/v1/me")).status).toBe(200);
  });

  it("logs in once more for a scope that was not granted, and for another person", async () => {
    const { app, server, prompts } = await createWorld();
    await app().login();
    await app().login({ scope: ["user-read-private"] });
    expect(prompts).toHaveLength(1);
    expect((await app().login({ scope: ["user-read-private", "playlist-read-private"] })).scope).toHaveLength(2);
    const openBrowser = async (url: string) => void (await fetch(await server.authorize(url, { person: "grace" })));
    await app({ openBrowser }).login({ again: true });
    expect(await (await app().fetch("/v1/me")).json()).toMatchObject({ display_name: "Grace Hopper" });
    expect(prompts).toHaveLength(3);
  });

  it("forgets the person, and revokes where the provider can", async () => {
    const paths = { revoke: "/api/revoke" };
    const describe = { revocationEndpoint: "https://provider.test/api/revoke" };
    const { app, server, logIn } = await createWorld({ paths }, "ada", describe);
    await logIn();
    const { accessToken } = await app().tokens();
    await app().logout();
    expect(server.isAlive(accessToken)).toBe(false);
    await expect(app().fetch("/v1/me")).rejects.toMatchObject(required);
    await app().logout();
  });

  it("says where the provider could not be told of a logout", async () => {
    const paths = { revoke: "/api/revoke" };
    const describe = { revocationEndpoint: "https://provider.test/api/revoke" };
    const { app, server, logIn } = await createWorld({ paths }, "ada", describe);
    await logIn();
    server.fault({ at: "revoke", kind: "status", status: 503 });
    const lines = vi.spyOn(console, "warn").mockImplementation(() => {});
    await app().logout();
    const said = lines.mock.calls.flat();
    lines.mockRestore();
    expect(said).toEqual([expect.stringMatching(/could not be told.*live on there\. The provider answered with/)]);
  });

  it("leaves nothing sealed on disk after a logout", async () => {
    const { app, directory, logIn } = await createWorld();
    await logIn();
    const sealed = async () => {
      const paths = (await readdir(directory, { recursive: true })).filter((path) => path.endsWith(".json"));
      const texts = await Promise.all(paths.map((path) => readFile(join(directory, path), "utf8")));
      return texts.filter((text) => /"sealed":"/.test(text)).length;
    };
    expect(await sealed()).toBeGreaterThan(0);
    await app().logout();
    expect(await sealed()).toBe(0);
  });

  it("says when the provider will want a new login", async () => {
    const { app, clock } = await createWorld({}, "ada", { refreshTokens: { lifetime: 15_552_000 } });
    expect((await app().login()).reauthDueAt).toEqual(new Date(clock.now() + 15_552_000_000));
  });

  it("keeps several accounts apart", async () => {
    const { app } = await createWorld();
    await app({ account: "work" }).login();
    expect((await app({ account: "work" }).status()).loggedIn).toBe(true);
    expect((await app({ account: "home" }).status()).loggedIn).toBe(false);
    expect((await app().status()).loggedIn).toBe(false);
  });

  it("starts again with a login where its secret was lost", async () => {
    const { app, options, directory, logIn } = await createWorld();
    await logIn();
    const { rm } = await import("node:fs/promises");
    await rm(`${directory}/secret`);
    await expect(app().fetch("/v1/me")).rejects.toMatchObject({ ...required, cause: { code: "unknown_secret" } });
    await pixy(options).login();
    expect((await app().fetch("/v1/me")).status).toBe(200);
  });

  it("passes on what the files say, not that a store is away", async () => {
    const { app, directory, logIn } = await createWorld();
    await logIn();
    const { chmod } = await import("node:fs/promises");
    await chmod(directory, 0o755);
    await expect(app().fetch("/v1/me")).rejects.toMatchObject({ code: "file_exposed" });
  });

  it("keeps tokens in memory alone, where it is told to", async () => {
    const { app } = await createWorld();
    const auth = app({ store: memoryStore() });
    await auth.login();
    expect((await auth.fetch("/v1/me")).status).toBe(200);
    expect((await app().status()).loggedIn).toBe(false);
  });

  it("takes its secret from elsewhere, such as a key chain, and asks again where that failed", async () => {
    const { app } = await createWorld();
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
    let asked = 0;
    const auth = app({
      secret: async () => {
        if (++asked === 1) throw new Error("The key chain is locked.");
        return secret;
      },
    });
    await expect(auth.login()).rejects.toThrow("locked");
    await auth.login();
    expect((await auth.fetch("/v1/me")).status).toBe(200);
    expect(asked).toBe(2);
  });

  it("finds its provider at first use", async () => {
    const { app, provider } = await createWorld();
    let found = 0;
    const auth = app({
      provider: async () => {
        found++;
        return provider;
      },
    });
    expect(found).toBe(0);
    await auth.login();
    expect((await auth.fetch("/v1/me")).status).toBe(200);
  });

  it("prints no token and no secret", async () => {
    const { app, terminal, logIn } = await createWorld();
    const auth = app();
    await logIn(auth);
    const { accessToken, refreshToken } = await auth.tokens();
    const told = inspect([auth, await auth.status(), terminal.written], { depth: 9, showHidden: true });
    expect(told).not.toContain(accessToken);
    expect(told).not.toContain(refreshToken);
  });
});

describe("a desktop app with a scheme of its own", () => {
  const redirectUri = "com.example.player:/callback";

  async function begin() {
    const world = await createWorld();
    let opened = (_url: string) => {};
    const url = new Promise<string>((resolve) => {
      opened = resolve;
    });
    const auth = world.app({ redirectUri, openBrowser: (given) => opened(given) });
    const login = auth.login();
    login.catch(() => {});
    const callback = await world.server.authorize(await url, { person: "ada" });
    return { ...world, auth, login, callback };
  }

  it("is handed the callback by the system, and both learn of the end", async () => {
    const { auth, login, callback } = await begin();
    expect(callback).toMatch(/^com\.example\.player:\/callback\?code=/);
    await auth.callback(callback);
    expect((await login).loggedIn).toBe(true);
    expect((await auth.fetch("/v1/me")).status).toBe(200);
  });

  it("refuses a URL that any web page may have opened, and goes on waiting", async () => {
    const { auth, login, callback, server } = await begin();
    const strange = [
      `${redirectUri}?code=x&state=${"A".repeat(43)}`,
      `${redirectUri}?code=x`,
      callback.replace("com.example.player", "com.example.other"),
      `${callback}&state=x`,
    ];
    for (const url of strange) await expect(auth.callback(url)).rejects.toMatchObject({ code: "login_not_started" });
    expect(server.tokenRequests()).toEqual([]);
    await auth.callback(callback);
    await login;
    await expect(auth.callback(callback)).rejects.toMatchObject({ code: "login_not_started" });
  });

  it("tells both of a refusal", async () => {
    const { auth, login, callback } = await begin();
    const state = new URLSearchParams(callback.split("?")[1]).get("state");
    const refused = { code: "authorization_refused", error: "access_denied" };
    await expect(auth.callback(`${redirectUri}?error=access_denied&state=${state}`)).rejects.toMatchObject(refused);
    await expect(login).rejects.toMatchObject(refused);
  });
});

describe("options", () => {
  it.each([
    [{ name: "../x" }, "name"],
    [{ provider: undefined }, "provider"],
    [{ clientId: "" }, "clientId"],
    [{ redirectUri: "http://app.example/cb" }, "redirectUri"],
    [{ redirectUri: "myapp://cb" }, "redirectUri"],
    [{ scope: "a b" }, "scope"],
    [{ openBrowser: "firefox" }, "openBrowser"],
    [{ store: {} }, "store"],
    [{ clientSecret: "x" }, "clientSecret"],
  ])("%j are refused when they are given", async (wrong, option) => {
    const { options } = await createWorld();
    expect(() => pixy({ ...options, ...(wrong as object) })).toThrow(expect.objectContaining({ option }));
  });

  it("are told to name a client authentication where a provider has no PKCE", async () => {
    const { options } = await createWorld();
    const provider = { ...(options.provider as Provider), pkce: "unsupportedByProvider" } as const;
    expect(() => pixy({ ...options, provider })).toThrow(expect.objectContaining({ option: "clientAuthentication" }));
  });

  it("want a secret for a store that others share and that has none", async () => {
    const { options } = await createWorld();
    const shared = { ...memoryStore(), reach: "shared" as const };
    expect(() => pixy({ ...options, store: shared })).toThrow(expect.objectContaining({ option: "secret" }));
  });

  it("of a login are checked, too", async () => {
    const { app } = await createWorld();
    await expect(app().login({ way: "telepathy" as "browser" })).rejects.toMatchObject({ option: "way" });
    await expect(app().login({ timeout: 3 } as object)).rejects.toMatchObject({ option: "timeout" });
  });
});

it("LoginError is known by its name, also from a second copy", () => {
  const error = new LoginError("x", { code: "login_required", hint: "y" });
  expect([LoginError.isInstance(error), LoginError.isInstance(new Error("x"))]).toEqual([true, false]);
});
