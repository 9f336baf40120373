import { mkdtemp } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Provider as Description, discover } from "@pixy/core";
import { fileStore, type LoginPrompt, type NativeOptions, pixy, type Terminal } from "@pixy/native";
import { type OpenIdOptions, openid } from "@pixy/openid";
import { createUserAgent, type UserAgent } from "@pixy/testing";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { Provider } from "oidc-provider";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { throughForms } from "../lib/oidc-server.ts";

/** Loopback, a pasted address and a code on another screen, judged by an authorization server that we did not write. */
describe("a command line at oidc-provider", () => {
  let server: Server;
  let provider: Description;
  let url = "";
  // Of the apps' clocks before the server's.
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const tokenRequests: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = new Provider(url, {
      clients: [
        {
          ...{
            client_id: "cli",
            token_endpoint_auth_method: "none",
            application_type: "native",
            response_types: ["code"],
          },
          grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
          redirect_uris: ["http://127.0.0.1/callback"],
        },
      ],
      routes: { userinfo: "/v1/me" },
      pkce: { required: () => true },
      rotateRefreshToken: true,
      issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
      features: {
        ...{ devInteractions: { enabled: true }, deviceFlow: { enabled: true }, revocation: { enabled: true } },
        pushedAuthorizationRequests: { enabled: true },
        dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true, allowReplay: false },
      },
      ttl: {
        AccessToken: 60,
        DeviceCode: 600,
        Grant: 86_400,
        IdToken: 3600,
        Interaction: 600,
        RefreshToken: 86_400,
        Session: 600,
      },
      cookies: { keys: ["a key for a test"] },
      findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    }).callback();
    provider = await discover(url, {
      ...{ openid: true, allowInsecureLoopback: true },
      provider: { api: url, refreshTokens: { rotation: "rotating", retryUnknown: false } },
    });
  });

  afterEach(() => {
    ahead = 0;
  });

  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function person(more: Partial<NativeOptions>) {
    const browser: UserAgent = createUserAgent();
    const options: NativeOptions = {
      ...{ name: "judged", provider, clientId: "cli", scope: ["openid"] },
      store: fileStore({ directory: join(await mkdtemp(join(tmpdir(), "pixy-judged-")), "app") }),
      ...{ machine: { platform: "linux", environment: { DISPLAY: ":0" }, home: "/nowhere" }, now },
      fetch: (input, init) => {
        const grant = new URLSearchParams(String(init?.body ?? "")).get("grant_type");
        if (grant !== null) tokenRequests.push(grant);
        return fetch(input, init);
      },
      ...more,
    };
    return { browser, app: (again: Partial<NativeOptions> = {}) => pixy({ ...options, ...again }) };
  }

  it("logs in over loopback, on a port that was not registered, and twenty that ask at once renew once", async () => {
    let page = "";
    const { browser, app } = await person({
      show: () => {},
      openBrowser: async (url) => {
        page = (await throughForms(browser, await browser.navigate(url), "ada")).body;
      },
    });
    expect((await app().login()).loggedIn).toBe(true);
    await expect.poll(() => page).toContain("You may close this window");
    ahead = 61_000;
    tokenRequests.length = 0;
    const answers = await Promise.all(Array.from({ length: 20 }, async () => (await app().fetch("/v1/me")).json()));
    expect(answers).toEqual(Array(20).fill({ sub: "ada" }));
    expect(tokenRequests).toEqual(["refresh_token"]);
    await app().logout();
  });

  /** Logs in with a browser elsewhere, and pastes the address at which it ends. */
  async function withPaste(more: Partial<NativeOptions> = {}, change: (address: URL) => void = () => {}) {
    let callback = (_line: string) => {};
    const typed = new Promise<string>((resolve) => {
      callback = resolve;
    });
    const terminal: Terminal = { isInteractive: true, columns: 80, write: () => {}, readLine: () => typed };
    const { browser, app } = await person({ terminal, ...more });
    const show = async (prompt: LoginPrompt) => {
      if (prompt.way === "device") return;
      const address = new URL(prompt.url);
      change(address);
      callback(await addressAfter(browser, address.href));
    };
    return { app, login: () => app({ show: (prompt) => void show(prompt) }).login({ way: "paste" }) };
  }

  it("logs in with a pasted address", async () => {
    const { app, login } = await withPaste();
    expect((await login()).loggedIn).toBe(true);
    expect(await (await app().fetch("/v1/me")).json()).toEqual({ sub: "ada" });
  });

  it("logs in with a code that is entered on its pages, and stops when somebody says no there", async () => {
    const polls: number[] = [];
    let shown: LoginPrompt | undefined;
    let decide: "continue" | "abort" = "continue";
    const { app } = await person({
      show: (prompt) => {
        shown = prompt;
      },
      wait: async (milliseconds) => {
        polls.push(milliseconds);
        // After one poll that finds nothing.
        if (polls.length === 2 && shown?.way === "device") await answerDevice(createUserAgent(), shown, decide);
      },
    });
    expect((await app().login({ way: "device" })).loggedIn).toBe(true);
    expect(await (await app().fetch("/v1/me")).json()).toEqual({ sub: "ada" });
    expect(polls).toEqual([5_000, 5_000]);
    polls.length = 0;
    decide = "abort";
    await expect(app().login({ way: "device", again: true })).rejects.toMatchObject({ code: "device_login_refused" });
    expect((await app().status()).loggedIn).toBe(true);
  });

  const identity = (more: OpenIdOptions = {}) =>
    openid(url, {
      ...{ allowInsecureLoopback: true, now, ...more },
      provider: { api: url, refreshTokens: { rotation: "rotating", retryUnknown: false } },
    });

  /** Logs in over loopback, with what becomes of the URL before the browser has it. */
  async function withBrowser(options: OpenIdOptions = {}, change: (address: URL) => void = () => {}) {
    const opened: URL[] = [];
    const { browser, app } = await person({
      provider: identity(options),
      show: () => {},
      openBrowser: async (given) => {
        const address = new URL(given);
        change(address);
        opened.push(address);
        await throughForms(browser, await browser.navigate(address.href), "ada");
      },
    });
    return { app, opened };
  }

  it("checks the ID token of a login over loopback, and of the refresh after it", async () => {
    const { app, opened } = await withBrowser();
    const nonces = () => opened.map((address) => address.searchParams.get("nonce"));
    const first = await app().login();
    expect(first).toMatchObject({ loggedIn: true, claims: { iss: url, sub: "ada", aud: "cli", nonce: nonces()[0] } });
    expect((await app().tokens()).extra).toEqual({ sub: "ada" });
    ahead = 61_000;
    expect((await app().tokens()).extra).toEqual({ sub: "ada" });
    expect((await app().login()).claims).toBe(null);
    await app().login({ again: true });
    expect(nonces()).toEqual([expect.stringMatching(/^[\w-]{22,}$/), expect.stringMatching(/^[\w-]{22,}$/)]);
    expect(nonces()[0]).not.toBe(nonces()[1]);
  });

  it("refuses an ID token with another login's nonce, and one without", async () => {
    for (const change of [
      ({ searchParams }: URL) => searchParams.set("nonce", "another-login"),
      ({ searchParams }: URL) => searchParams.delete("nonce"),
    ]) {
      const { app } = await withBrowser({}, change);
      await expect(app().login()).rejects.toMatchObject({ code: "tokens_rejected", cause: { code: "id_token_nonce" } });
      expect((await app().status()).loggedIn).toBe(false);
    }
  });

  it("pushes a login where that is wanted: the browser carries a reference alone", async () => {
    const { app, opened } = await withBrowser({ pushedLogin: true });
    expect((await app().login()).claims).toMatchObject({ sub: "ada" });
    expect([...(opened[0]?.searchParams.keys() ?? [])].sort()).toEqual(["client_id", "request_uri"]);
  });

  it("checks the ID token of a login with a pasted address, nonce included", async () => {
    const { app, login } = await withPaste({ provider: identity() });
    expect((await login()).claims).toMatchObject({ iss: url, sub: "ada", aud: "cli", nonce: expect.any(String) });
    expect((await app().tokens()).extra).toEqual({ sub: "ada" });
    const other = await withPaste({ provider: identity() }, ({ searchParams }) => searchParams.set("nonce", "another"));
    await expect(other.login()).rejects.toMatchObject({ code: "tokens_rejected", cause: { code: "id_token_nonce" } });
    expect((await other.app().status()).loggedIn).toBe(false);
  });

  it.each(["browser", "paste", "device"] as const)(
    "binds tokens to a key of the login's own (DPoP): %s",
    async (way) => {
      const proofs: { path: string; status: number; key: string; nonce: unknown; ath: unknown }[] = [];
      const provider = identity({ dpop: true });
      let shown: LoginPrompt | undefined;
      const more: Partial<NativeOptions> = {
        provider,
        fetch: async (input, init) => {
          const answer = await fetch(input, init);
          const proof = new Headers(init?.headers).get("dpop");
          if (proof !== null) {
            const { nonce, ath } = decodeJwt(proof);
            const key = JSON.stringify(decodeProtectedHeader(proof).jwk);
            proofs.push({ path: new URL(String(input)).pathname, status: answer.status, key, nonce, ath });
          }
          return answer;
        },
        wait: async () => {
          if (shown?.way === "device") await answerDevice(createUserAgent(), shown, "continue");
        },
      };
      let app: Awaited<ReturnType<typeof person>>["app"];
      if (way === "paste") {
        const pasted = await withPaste(more);
        app = pasted.app;
        await pasted.login();
      } else {
        const { browser, app: made } = await person({
          ...more,
          show: (prompt) => {
            shown = prompt;
          },
          openBrowser: async (given) => void (await throughForms(browser, await browser.navigate(given), "ada")),
        });
        app = made;
        await app().login({ way });
      }
      // Another process, with what the first has kept, and with what it knows of the server's nonces.
      ahead = 61_000;
      expect(await (await app().fetch("/v1/me")).json()).toEqual({ sub: "ada" });
      const used = proofs.filter(({ status }) => status === 200).map(({ path, ath }) => [path, typeof ath]);
      expect(used).toEqual([
        ["/token", "undefined"],
        ["/token", "undefined"],
        ["/v1/me", "string"],
      ]);
      expect([new Set(proofs.map(({ key }) => key)).size, proofs[0]?.key.includes('"d"')]).toEqual([1, false]);
      // What lacked the server's nonce was refused, and was sent again with it.
      expect([proofs[0]?.status, proofs[0]?.nonce, proofs.at(-1)?.nonce]).toEqual([400, undefined, expect.any(String)]);
      expect((await app().tokens()).extra).toEqual({ sub: "ada", dpop: expect.any(String) });
    },
  );

  it("checks the ID token of a login on another screen, which answers no nonce", async () => {
    const tokenAnswers: Record<string, unknown>[] = [];
    let shown: LoginPrompt | undefined;
    let spoil = (token: string) => token;
    const { app } = await person({
      provider: identity(),
      show: (prompt) => {
        shown = prompt;
      },
      wait: async () => {
        if (shown?.way === "device") await answerDevice(createUserAgent(), shown, "continue");
      },
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (!String(input).endsWith("/token") || !answer.ok) return answer;
        const members = (await answer.json()) as Record<string, unknown>;
        tokenAnswers.push(members);
        return Response.json({ ...members, id_token: spoil(String(members.id_token)) });
      },
    });
    const { claims } = await app().login({ way: "device" });
    expect(claims).toMatchObject({ iss: url, sub: "ada", aud: "cli" });
    expect(claims).not.toHaveProperty("nonce");
    expect((await app().tokens()).extra).toEqual({ sub: "ada" });
    expect(tokenAnswers).toHaveLength(1);
    // Another person's name under the same signature.
    spoil = (token) => {
      const [header, payload = "", signature] = token.split(".");
      const said = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), sub: "eve" };
      return [header, Buffer.from(JSON.stringify(said)).toString("base64url"), signature].join(".");
    };
    await expect(app().login({ way: "device", again: true })).rejects.toMatchObject({
      ...{ code: "tokens_rejected", cause: { code: "id_token_signature" } },
    });
    expect((await app().tokens()).extra).toEqual({ sub: "ada" });
  });
});

/** Goes through the forms, and stops before the redirect that leads back to this machine. */
async function addressAfter(browser: UserAgent, url: string): Promise<string> {
  let page = await browser.navigate(url);
  for (let step = 0; step < 2; step++) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1] ?? "";
    page = await browser.submit(action, { prompt, login: "ada", password: "any" }, { follow: false });
    for (;;) {
      const location = page.headers.get("location");
      if (location === null) break;
      if (location.includes("/callback?")) return location;
      page = await browser.navigate(location, { follow: false, from: "link" });
    }
  }
  throw new Error(`No callback, but ${page.status} at ${page.url}.`);
}

/** Enters the code, confirms it, logs in and consents; or says no where the code is confirmed. */
async function answerDevice(
  browser: UserAgent,
  prompt: LoginPrompt & { way: "device" },
  decision: "continue" | "abort",
) {
  const entered = await browser.navigate(prompt.verificationUriComplete ?? prompt.verificationUri);
  let page = entered;
  for (let step = 0; step < 6; step++) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1];
    if (action === undefined) return;
    const fields = Object.fromEntries(
      [...page.body.matchAll(/<input[^>]*name="(\w+)"[^>]*value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
        name,
        value,
      ]),
    );
    const isQuestion = "user_code" in fields && !("prompt" in fields);
    const abort = isQuestion && decision === "abort" && step > 0 ? { abort: "yes" } : {};
    page = await browser.submit(action, {
      ...fields,
      ...("prompt" in fields ? { login: "ada", password: "any" } : {}),
      ...abort,
    });
  }
}
