import { type AppleClaims, type AppleOptions, apple, appleName } from "@pixy/openid/apple";
import { createAuth, fromRequest, type NewLogin, type PixyEvent, type Profile } from "@pixy/server";
import { createClock, createUserAgent, type Page, type UserAgent } from "@pixy/testing";
import { decodeJwt, decodeProtectedHeader, exportPKCS8, generateKeyPair } from "jose";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { formOf } from "../interop/form.ts";
import { throughForms } from "../lib/oidc-server.ts";
import { secret } from "../lib/web-app.ts";
import { type AppleServer, origin, registered, startApple } from "./apple-server.ts";

const baseUrl = "https://app.example";
const at = (path: string) => baseUrl + path;
const hour = 3_600_000;

let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let privateKey: string;
beforeAll(async () => {
  pair = await generateKeyPair("ES256", { extractable: true });
  privateKey = await exportPKCS8(pair.privateKey);
});

let server: AppleServer;
const servers: AppleServer[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((one) => one.close()))));

function options(given: Partial<AppleOptions> = {}, clock = createClock()) {
  const { clientId, ...key } = registered;
  const fetchNow: typeof fetch = (input, init) => server.answer(new Request(input, init));
  return {
    ...apple({ ...key, privateKey, fetch: fetchNow, now: clock.now, ...given }),
    ...{ clientId, baseUrl, secret, fetch: fetchNow, now: clock.now },
  };
}

async function start(given: Partial<AppleOptions> = {}) {
  const clock = createClock();
  server = await startApple(pair.publicKey, at("/auth/callback"), clock.now);
  servers.push(server);
  const events: PixyEvent[] = [];
  const logins: NewLogin[] = [];
  const auth = createAuth<Profile>({
    ...options(given, clock),
    onEvent: (event) => void events.push(event),
    async onLogin(login) {
      logins.push(login);
      const { raw: _raw, ...profile } = await login.profile();
      return profile;
    },
  });

  async function answer(request: Request): Promise<Response> {
    const handle = auth.open(fromRequest(request));
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/auth/")) return auth.respond(handle);
    const finish = (response: Response): Response => {
      for (const [name, value] of handle.takeResponseHeaders()) response.headers.append(name, value);
      return response;
    };
    if (pathname === "/") return finish(Response.json((await handle.session())?.data ?? null));
    const login = await auth.requireLogin(handle);
    return login instanceof Response ? login : finish(Response.json({ id: login.current.data.id }));
  }
  const browser = () =>
    createUserAgent({ fetchers: { [baseUrl]: answer, [origin]: (request) => server.answer(request) } });
  const token = () => server.asked.filter(({ path }) => path === "/auth/token");
  return { clock, events, logins, browser, token };
}

/** Up to Apple's form that leads back to the app. */
async function atApple(browser: UserAgent, person = "ada"): Promise<Page> {
  return throughForms(browser, await browser.navigate(at("/auth/login?returnTo=/")), person);
}

/** Posts Apple's form, with what else is in it, and then the app's own. */
async function back(browser: UserAgent, page: Page, more: Record<string, string> = {}): Promise<Page> {
  const theirs = formOf(page);
  expect(theirs?.action).toBe(at("/auth/callback"));
  const ours = await browser.submit(theirs?.action ?? "", { ...theirs?.fields, ...more });
  const again = formOf(ours);
  if (again === null) return ours;
  const plain = (text: string) => text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
  const fields = Object.entries(again.fields).map(([name, value]) => [name, plain(value)]);
  return browser.submit(again.action, Object.fromEntries(fields));
}

/** `oidc-provider` in Apple's shape, since Apple itself cannot be asked: see apple-server.ts. */
describe("Sign in with Apple", () => {
  it("first login: name from the form, all else from the ID token; a later login has no name", async () => {
    const { browser, logins, token } = await start();
    const person = browser();
    const page = await atApple(person);
    const asked = person.hops.find(({ url }) => url.startsWith(`${origin}/auth/authorize?`));
    expect(Object.fromEntries(new URL(asked?.url ?? "").searchParams)).toMatchObject({
      ...{ response_mode: "form_post", scope: "openid name email", code_challenge_method: "S256" },
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const known = { id: "ada", email: "ada@privaterelay.appleid.com", emailVerified: true, picture: null };
    expect((await back(person, page)).json()).toEqual({ ...known, name: "Ada Lovelace" });
    expect(logins[0]?.claims as AppleClaims).toMatchObject({
      ...{ iss: origin, sub: "ada", email_verified: true, is_private_email: true },
    });
    expect(appleName(logins[0]?.posted ?? {})).toEqual({ firstName: "Ada", lastName: "Lovelace" });
    expect((await back(person, await atApple(person))).json()).toEqual({ ...known, name: null });
    expect([logins[1]?.posted, appleName(logins[1]?.posted ?? {})]).toEqual([{}, null]);
    expect(token().map(({ status }) => status)).toEqual([200, 200]);
    const [first, second] = token().map(({ form }) => form.get("client_secret") ?? "");
    expect(decodeProtectedHeader(first ?? "")).toEqual({ alg: "ES256", kid: registered.keyId });
    const { iat = 0, exp } = decodeJwt(first ?? "");
    expect([exp, first === second]).toEqual([iat + 600, false]);
  });

  it("a forged field `user` changes the name alone, and only to a text that is short", async () => {
    const { browser, logins } = await start();
    const person = browser();
    for (const [user, name] of [
      ['{"sub":"eve","id":"eve","email":"eve@evil.example","email_verified":true,"name":{"lastName":" Eve "}}', "Eve"],
      ['{"name":{"firstName":{"a":1},"lastName":["x"]}}', null],
      ['{"name":{"firstName":"Ada\\nX"}}', null],
      [JSON.stringify({ name: { firstName: "x".repeat(129), lastName: "y" } }), "y"],
      [JSON.stringify({ name: { firstName: "x" }, more: "x".repeat(2_048) }), null],
      ["Ada", null],
      ["null", null],
      ['"x"', null],
    ] as const) {
      expect((await back(person, await atApple(person), { user })).json(), user).toEqual({
        ...{ id: "ada", name, email: "ada@privaterelay.appleid.com", emailVerified: true, picture: null },
      });
      expect(logins.at(-1)?.posted).toEqual({ user });
    }
  });

  it("a form of more than 16 kB is refused, and the code is not sent", async () => {
    const { browser, token } = await start();
    const person = browser();
    const page = await back(person, await atApple(person), { user: "x".repeat(20_000) });
    expect([page.status, token()]).toEqual([413, []]);
  });

  it("a login that is cancelled comes back to the app, which is told in Apple's word", async () => {
    const { browser, token } = await start();
    const person = browser();
    const page = await person.navigate(at("/auth/login?returnTo=/"));
    const cancel = /href="([^"]+\/abort)"/.exec(page.body)?.[1] ?? "";
    const home = await back(person, await person.navigate(cancel));
    expect([home.url, home.json(), token()]).toEqual([at("/?auth_error=user_cancelled_authorize"), null, []]);
  });

  it("asks whether a login still stands once a day, with the one refresh token that there is", async () => {
    const { browser, clock, token } = await start();
    const person = browser();
    await back(person, await atApple(person));
    const me = async () => (await person.call(at("/me"))).status;
    for (const _hour of [1, 2, 3]) {
      clock.advance(8 * hour - 60_000);
      expect(await me()).toBe(200);
    }
    expect(token()).toHaveLength(1);
    for (const _day of [1, 2]) {
      clock.advance(25 * hour);
      expect([await me(), await me()]).toEqual([200, 200]);
    }
    const refreshes = token().slice(1);
    expect(refreshes.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(refreshes.map(({ form }) => form.get("refresh_token"))).size).toBe(1);
    expect(new Set(refreshes.map(({ form }) => form.get("client_secret"))).size).toBe(2);
    server.withdraw();
    clock.advance(25 * hour);
    expect([await me(), await me()]).toEqual([401, 401]);
    expect(token()).toHaveLength(4);
  });

  it.each([true, undefined, false])(
    "a logout revokes the refresh token where that is wanted (%s)",
    async (revocation) => {
      const { browser } = await start({ revocation });
      const person = browser();
      await back(person, await atApple(person));
      await person.submit(at("/auth/logout"), {});
      expect((await person.navigate(at("/"))).json()).toBeNull();
      const revoked = () => server.asked.filter(({ path }) => path === "/auth/revoke");
      if (revocation !== true) return expect(revoked()).toEqual([]);
      await expect.poll(() => revoked().map(({ status }) => status)).toEqual([200]);
      const { client_secret = "", ...form } = Object.fromEntries(revoked()[0]?.form ?? []);
      expect(form).toEqual({
        ...{ client_id: registered.clientId, token: expect.any(String), token_type_hint: "refresh_token" },
      });
      expect(decodeJwt(client_secret)).toMatchObject({ iss: registered.teamId, sub: registered.clientId, aud: origin });
    },
  );

  it("a key of WebCrypto signs as its file does; another team's is told as a set-up that is wrong", async () => {
    const { browser, token } = await start({ privateKey: pair.privateKey });
    const person = browser();
    expect((await back(person, await atApple(person))).json()).toMatchObject({ id: "ada" });
    expect(token().map(({ status }) => status)).toEqual([200]);
    const other = await start({
      privateKey: await exportPKCS8((await generateKeyPair("ES256", { extractable: true })).privateKey),
    });
    const stranger = other.browser();
    const page = await back(stranger, await atApple(stranger));
    expect([page.status >= 400, other.token().map(({ status }) => status)]).toEqual([true, [401]]);
    expect(other.events.at(-1)).toMatchObject({ type: "login.failed" });
    expect((await stranger.navigate(at("/"))).json()).toBeNull();
  });

  it("a key that cannot be read is named once it is needed, and signs nothing before", async () => {
    const unreadable = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    const { browser, token } = await start({ privateKey: unreadable });
    const person = browser();
    await expect(atApple(person).then((page) => back(person, page))).rejects.toMatchObject({
      ...{ name: "ConfigurationError", code: "invalid_option", option: "privateKey" },
    });
    expect(token()).toEqual([]);
  });

  it("does not begin while Apple's keys are not to be had", async () => {
    const { browser, clock } = await start();
    server.isAway = true;
    const page = await browser().navigate(at("/auth/login"), { follow: false });
    expect([page.status, page.headers.get("location")]).toEqual([503, null]);
    server.isAway = false;
    clock.advance(1_000);
    expect((await browser().navigate(at("/auth/login"), { follow: false })).status).toBe(302);
  });

  it.each(["http://127.0.0.1:3000", "https://localhost", "https://app.localhost", "https://10.0.0.1", "https://[::1]"])(
    "is not made for %s, which Apple refuses",
    (origin) => {
      expect(() => createAuth({ ...options(), baseUrl: origin })).toThrow(
        expect.objectContaining({
          ...{ code: "invalid_redirect_uri", option: "redirectUri", hint: expect.stringContaining("tunnel") },
        }),
      );
    },
  );

  it.each<[keyof AppleOptions, unknown]>([
    ["teamId", "TEAM"],
    ["keyId", "AuthKey_KEY6789012.p8"],
    ["privateKey", "-----BEGIN EC PRIVATE KEY-----"],
    ["privateKey", undefined],
  ])("names %s where it is %j", (option, value) => {
    expect(() => options({ [option]: value })).toThrow(expect.objectContaining({ code: "invalid_option", option }));
  });
});
