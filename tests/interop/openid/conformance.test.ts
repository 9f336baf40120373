import { readFileSync } from "node:fs";
import type { OpenIdOptions } from "@pixy/openid";
import { secretBasic } from "@pixy/server";
import type { Page, UserAgent } from "@pixy/testing";
import { decodeProtectedHeader, type ProtectedHeaderParameters } from "jose";
import { Events, type JWK, OAuth2Server } from "oauth2-mock-server";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { at } from "../app.ts";
import { markdown } from "../matrix.ts";
import { expectOnPage } from "../page.ts";
import { createOpenIdApp, type OpenIdApp, type OpenIdAppOptions } from "./app.ts";
import { conformance, notHere } from "./conformance.ts";

const clientId = "client-of-the-app";
const almostAnHour = 3_540_000;

let server: OAuth2Server;
let app: OpenIdApp;
let keys: readonly JWK[];
beforeAll(async () => {
  const { keys: made } = new OAuth2Server().issuer;
  keys = await Promise.all(["RS256", "RS256", "ES256"].map((algorithm) => made.generate(algorithm)));
});
beforeEach(() => setUp(0));
afterEach(() => server.stop());

async function setUp(key: number): Promise<void> {
  server = new OAuth2Server();
  await addKey(key);
  await server.start(0, "127.0.0.1");
}

const addKey = (key: number): Promise<JWK> => server.issuer.keys.add(keys[key] ?? {});

function start(options: Partial<OpenIdOptions> = {}, more: Partial<OpenIdAppOptions> = {}): UserAgent {
  app = createOpenIdApp({ ...{ issuer: server.issuer.url ?? "", clientId, userinfo: "/userinfo" }, ...more, options });
  return app.browser();
}

/** Has the server sign these into its ID tokens from now on, and leave out what is `undefined`; access tokens have no audience. */
function sign(claims: Record<string, unknown>, more: Record<string, unknown> = {}): void {
  server.service.on(Events.BeforeTokenSigning, ({ payload, header }) => {
    if (payload.aud === undefined) return;
    Object.assign(payload, claims);
    Object.assign(header, more);
  });
}

/** Has the server change the ID token that it has signed. */
function replace(change: (header: string, payload: string, signature: string) => string): void {
  server.service.on(Events.BeforeResponse, ({ body }) => {
    if (body === "") return;
    const [header = "", payload = "", signature = ""] = String(body.id_token).split(".");
    body.id_token = change(header, payload, signature);
  });
}

const logIn = (browser: UserAgent): Promise<Page> => browser.navigate(at("/me"));
const pathsOf = () => app.sent.map(({ path }) => path);
const headersOfIdTokens = (): ProtectedHeaderParameters[] =>
  app.sent
    .filter(({ answer }) => "id_token" in answer)
    .map(({ answer }) => decodeProtectedHeader(String(answer.id_token)));

async function expectLogin(browser: UserAgent): Promise<void> {
  expect((await logIn(browser)).json()).toMatchObject({ sub: "johndoe" });
}

/** Nobody is logged in, nothing is asked with the access token, and the event says why. */
async function expectRefusal(browser: UserAgent, code: string): Promise<void> {
  expect((await logIn(browser)).status).toBe(400);
  expect(app.events.at(-1)).toMatchObject({ type: "login.failed", error: { cause: { cause: { code } } } });
  expect((await browser.navigate(at("/"))).body).toBe("Hello nobody");
  expect(pathsOf()).not.toContain("/userinfo");
}

const altered = (signature: string) => (signature.startsWith("A") ? "B" : "A") + signature.slice(1);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const evil = "https://evil.example";

/** What the suite does to an ID token, done by the server, and the code of ours. */
const wrongIdTokens: readonly (readonly [name: string, code: string, change: () => void])[] = [
  ["oidcc-client-test-invalid-iss", "id_token_issuer", () => sign({ iss: evil })],
  ["oidcc-client-test-missing-sub", "id_token_claim_missing", () => sign({ sub: undefined })],
  ["oidcc-client-test-missing-aud", "id_token_claim_missing", () => sign({ aud: undefined })],
  ["oidcc-client-test-missing-iat", "id_token_claim_missing", () => sign({ iat: undefined })],
  ["oidcc-client-test-invalid-aud", "id_token_audience", () => sign({ aud: "another" })],
  ["oidcc-client-test-nonce-invalid", "id_token_nonce", () => sign({ nonce: "another" })],
  ["oidcc-client-test-invalid-athash", "id_token_access_token_hash", () => sign({ at_hash: "AAAAAAAAAAAAAAAAAAAAAA" })],
  [
    "oidcc-client-test-idtoken-sig-none",
    "id_token_algorithm",
    () => replace((_header, payload) => `${part({ alg: "none" })}.${payload}.`),
  ],
  [
    "oidcc-client-test-invalid-sig-rs256",
    "id_token_signature",
    () => replace((header, payload, signature) => `${header}.${payload}.${altered(signature)}`),
  ],
];

describe("the conformance suite's modules, as oauth2-mock-server plays them", () => {
  it("oidcc-client-test", () => expectLogin(start()));

  it.each(wrongIdTokens)("%s: %s", async (_name, code, change) => {
    const browser = start();
    change();
    await expectRefusal(browser, code);
  });

  it("oidcc-client-test-kid-absent-single-jwks", async () => {
    sign({}, { kid: undefined });
    await expectLogin(start());
    expect(headersOfIdTokens()).toEqual([{ typ: "JWT", alg: "RS256" }]);
  });

  it("oidcc-client-test-kid-absent-multiple-jwks", async () => {
    await addKey(1);
    sign({}, { kid: undefined });
    await expectRefusal(start(), "id_token_key_ambiguous");
  });

  it("oidcc-client-test-idtoken-sig-rs256", async () => {
    await expectLogin(start());
    expect(headersOfIdTokens()).toEqual([{ typ: "JWT", alg: "RS256", kid: expect.any(String) }]);
  });

  it("oidcc-client-test-invalid-sig-es256", async () => {
    await server.stop();
    await setUp(2);
    server.service.on(Events.BeforeWellKnownOpenIdConfiguration, ({ body }) => {
      Object.assign(body, { id_token_signing_alg_values_supported: ["ES256"] });
    });
    await expectLogin(start());
    replace((header, payload, signature) => `${header}.${payload}.${altered(signature)}`);
    await expectRefusal(start(), "id_token_signature");
  });

  it("oidcc-client-test-userinfo-invalid-sub", async () => {
    server.service.on(Events.BeforeUserinfo, ({ body }) => void Object.assign(body, { sub: "another" }));
    const browser = start({ userinfo: true });
    expect((await logIn(browser)).status).toBe(403);
    expect(app.events.at(-1)).toMatchObject({ type: "login.failed", code: "profile_of_another" });
    expect((await browser.navigate(at("/"))).body).toBe("Hello nobody");
  });

  it("oidcc-client-test-userinfo-bearer-header", async () => {
    await expectLogin(start({ userinfo: true }));
    const token = app.sent.find(({ path }) => path === "/token")?.answer.access_token;
    for (const { path, headers } of app.sent) {
      if (path === "/userinfo") expect(headers.get("authorization")).toBe(`Bearer ${token}`);
    }
    expect(pathsOf()).toContain("/userinfo");
  });

  it("oidcc-client-test-client-secret-basic", async () => {
    // The server makes its ID token for the client that this header names.
    await expectLogin(start({}, { clientAuthentication: secretBasic("a-secret") }));
    const { headers, form } = app.sent.find(({ path }) => path === "/token") ?? {};
    expect(headers?.get("authorization")).toBe(`Basic ${btoa(`${clientId}:a-secret`)}`);
    expect(form?.has("client_secret")).toBe(false);
  });

  it("oidcc-client-test-discovery-openid-config", async () => {
    await expectLogin(start());
    expect(pathsOf()[0]).toBe("/.well-known/openid-configuration");
  });

  it("oidcc-client-test-discovery-jwks-uri-keys", async () => {
    await expectLogin(start());
    expect(pathsOf()).toEqual(["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"]);
  });

  it("oidcc-client-test-discovery-issuer-mismatch", async () => {
    server.service.on(
      Events.BeforeWellKnownOpenIdConfiguration,
      ({ body }) => void Object.assign(body, { issuer: evil }),
    );
    const page = await start().navigate(at("/auth/login"), { follow: false });
    expect([page.status, page.headers.get("location")]).toEqual([503, null]);
    expect(pathsOf()).toEqual(["/.well-known/openid-configuration"]);
  });

  it("oidcc-client-test-signing-key-rotation-just-before-signing", async () => {
    const browser = start();
    const asked = await browser.navigate(at("/auth/login?returnTo=/"), { follow: false });
    const { kid } = await addKey(1);
    expect((await browser.navigate(asked.headers.get("location") ?? "")).body).toBe("Hello johndoe");
    // The server takes its keys in turn: the old one for the access token, the new one for the ID token.
    expect(headersOfIdTokens().map((header) => header.kid)).toEqual([kid]);
  });

  it("oidcc-client-test-signing-key-rotation", async () => {
    const browser = start();
    await expectLogin(browser);
    const { kid } = await addKey(1);
    await expectLogin(app.browser());
    expect(headersOfIdTokens().map((header) => header.kid)).toEqual([expect.not.stringMatching(`^${kid}$`), kid]);
  });

  it("oidcc-client-test-refresh-token", async () => {
    const browser = start();
    await expectLogin(browser);
    app.clock.advance(almostAnHour);
    await expectLogin(browser);
    const [, second] = app.sent.filter(({ path }) => path === "/token");
    expect(app.sent.at(-1)?.headers.get("authorization")).toBe(`Bearer ${second?.answer.access_token}`);
  });

  it.each([
    ["oidcc-client-test-refresh-token-invalid-issuer", "iss", evil],
    ["oidcc-client-test-refresh-token-invalid-sub", "sub", "another"],
  ])("%s", async (_name, claim, value) => {
    const browser = start();
    await expectLogin(browser);
    sign({ [claim]: value });
    app.clock.advance(almostAnHour + 60_000);
    const asked = pathsOf().filter((path) => path === "/userinfo").length;
    expect((await browser.call(at("/me"))).status).toBe(401);
    expect(pathsOf().filter((path) => path === "/userinfo")).toHaveLength(asked);
  });

  it.each<[string, (url: URL) => void]>([
    ["oidcc-client-test-rp-init-logout", () => {}],
    ["oidcc-client-test-rp-init-logout-other-state", (url) => url.searchParams.set("state", "another")],
    ["oidcc-client-test-rp-init-logout-no-state", (url) => url.searchParams.delete("state")],
  ])("%s", async (_name, change) => {
    server.service.on(Events.BeforePostLogoutRedirect, ({ url }) => change(url));
    const browser = start({ logout: { parameters: { state: "of the app" } } });
    await expectLogin(browser);
    await browser.navigate(at("/"));
    expect((await browser.submit(at("/auth/logout"), {})).body).toBe("Goodbye");
    expect((await browser.navigate(at("/"))).body).toBe("Hello nobody");
  });
});

describe("the conformance suite's modules for relying parties", () => {
  const root = new URL("../../../", import.meta.url);

  it("are each a test here", () => {
    const lost = conformance.filter(
      ({ file, title }) => !readFileSync(new URL(file, root), "utf8").includes(JSON.stringify(title)),
    );
    expect(lost).toEqual([]);
  });

  it("are each named once, and stand on the page (written with UPDATE=1)", () => {
    const names = [...conformance.map(({ name }) => name), ...Object.keys(notHere)];
    expect(new Set(names).size).toBe(names.length);
    const played = conformance.map(({ name, by, file, title }) => [
      ...[`\`${name}\``, by],
      title === name ? file : `${file}: ${title}`,
    ]);
    const others = Object.entries(notHere).map(([name, why]) => [`\`${name}\``, "–", why]);
    expectOnPage("conformance", markdown(["module", "played by", "test, or why not"], [...played, ...others]));
  });
});
