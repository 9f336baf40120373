import {
  authenticatedFetch,
  buildLoginUri,
  createClient,
  exchangeCode,
  generateCodes,
  type Provider,
  pkceAuthenticator,
  readCallback,
  secretBasic,
  type Tokens,
} from "@pixy/core";
import { discover, type PixyOptions } from "@pixy/server";
import {
  type AuthorizationServerOptions,
  createAuthorizationServer,
  createClock,
  createUserAgent,
} from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type Profile } from "../lib/web-app.ts";

const issuer = "https://as.example";
const clientId = "client-of-the-app";
const redirectUri = "https://app.example/auth/callback";

/** An app whose provider announces `iss`, found by discovery; `changed` is what an attacker or a fault makes of the callback. */
async function callback(change: (url: URL) => void) {
  const server = createAuthorizationServer({ issuer, announceIssuer: true });
  const provider = await discover(issuer, { fetch: server.fetch, provider: { api: issuer } });
  const options: Partial<PixyOptions<Profile>> = { provider, fetch: server.fetch, now: Date.now };
  const app = createWebApp({ options });
  const browser = createUserAgent({ fetchers: { [app.origin]: app.fetch } });
  const start = await browser.navigate(`${app.origin}/auth/login?returnTo=/me`, { follow: false });
  const url = new URL(await server.authorize(start.headers.get("location") ?? "", { person: "ada" }));
  change(url);
  const page = await browser.navigate(url, { follow: false });
  return { status: page.status, tokenRequests: server.tokenRequests().length };
}

const refused = { status: 400, tokenRequests: 0 };

/** A whole login with the functions of core. */
async function login(options: AuthorizationServerOptions = {}, secret?: string) {
  const clock = createClock();
  const server = createAuthorizationServer({ issuer, clock, ...options });
  const provider = await discover(issuer, { fetch: server.fetch, provider: { api: issuer } });
  const authentication = secret === undefined ? {} : { authentication: secretBasic(secret) };
  const client = createClient({ provider, clientId, redirectUri, ...authentication });
  const codes = await generateCodes();
  const state = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const uri = buildLoginUri(client, { state, codeChallenge: codes.challenge, codeChallengeMethod: codes.method });
  const answer = new URL(await server.authorize(uri, { person: "ada" })).searchParams;
  const obtain = (): Promise<Tokens> =>
    exchangeCode(client, readCallback(client, answer, { state }), codes.verifier, {
      fetch: server.fetch,
      now: clock.now,
    });
  return { clock, server, client, obtain, uri };
}

function api(provider: Provider) {
  return `${provider.api}/v1/me`;
}

/** The modules of the OpenID conformance suite for clients that need no ID token, under their names. */
describe("conformance: fapi2-security-profile-final-client-test", () => {
  it("happy flow, for comparison", async () => {
    expect(await callback(() => {})).toEqual({ status: 303, tokenRequests: 1 });
  });

  for (const iss of [`${issuer}/`, "https://AS.example", `${issuer}:443`, "https://other.example", ""]) {
    it(`invalid-authorization-response-iss: "${iss}"`, async () => {
      expect(await callback((url) => url.searchParams.set("iss", iss))).toEqual(refused);
    });
  }

  it("remove-authorization-response-iss", async () => {
    expect(await callback((url) => url.searchParams.delete("iss"))).toEqual(refused);
  });

  it("ensure-authorization-response-with-invalid-state-fails", async () => {
    expect(await callback((url) => url.searchParams.append("state", "x"))).toEqual(refused);
    const invalid = (state: string) => callback((url) => url.searchParams.set("state", state));
    expect(await invalid("A".repeat(43))).toEqual(refused);
    expect(await invalid(`A${"%".repeat(42)}`)).toEqual(refused);
  });

  it("ensure-authorization-response-with-invalid-missing-state-fails", async () => {
    expect(await callback((url) => url.searchParams.delete("state"))).toEqual(refused);
  });

  it("token-endpoint-response-without-expires_in", async () => {
    const { server, client, clock, obtain } = await login({ rotation: "strict" });
    server.fault({ at: "token", kind: "members", remove: ["expires_in"], times: 1 });
    const tokens = await obtain();
    expect(tokens.expiresIn).toBe(null);
    const authenticator = pkceAuthenticator(client, tokens, { fetch: server.fetch, now: clock.now });
    const get = authenticatedFetch(authenticator, { origins: [issuer], fetch: server.fetch });
    expect((await get(api(client.provider))).status).toBe(200);
    clock.advance(3_600_000);
    expect((await get(api(client.provider))).status).toBe(200);
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });

  for (const type of ["bearer", "BEARER", "bEaReR"]) {
    it(`token-type-case-insensitivity: ${type}`, async () => {
      const { server, obtain } = await login();
      server.fault({ at: "token", kind: "members", set: { token_type: type }, times: 1 });
      expect((await obtain()).tokenType).toBe("Bearer");
    });
  }

  it("discovery-issuer-mismatch", async () => {
    for (const named of [`${issuer}/`, "https://AS.example", `${issuer}:443`, "https://other.example"]) {
      const server = createAuthorizationServer({ issuer: named });
      const found = discover(issuer, { fetch: (input, init) => server.fetch(input as string, init) });
      await expect(found).rejects.toMatchObject({ code: "metadata_issuer_mismatch" });
    }
  });

  // The module waits for a second refresh: ours comes when the token is due, since the first one did not help.
  it("client-refresh-token-test: the resource always says 401, and the client refreshes again with the new token", async () => {
    const { server, client, clock, obtain } = await login({ rotation: "strict" });
    const authenticator = pkceAuthenticator(client, await obtain(), { fetch: server.fetch, now: clock.now });
    const get = authenticatedFetch(authenticator, { origins: [issuer], fetch: server.fetch });
    server.fault({ at: "api", kind: "unauthorized" });
    const statusOf = async () => (await get(api(client.provider))).status;
    const refreshes = () => server.tokenRequests("refresh_token").map((request) => request.status);
    expect([await statusOf(), await statusOf(), refreshes()]).toEqual([401, 401, [200]]);
    clock.advance(3_600_000);
    expect([await statusOf(), await statusOf(), refreshes()]).toEqual([401, 401, [200, 200, 200]]);
    expect(server.violations).toEqual([]);
  });
});

describe("conformance: oidcc-client-test", () => {
  it("client-secret-basic", async () => {
    const secret = "p+q: %&£€";
    const redirectUris = [redirectUri];
    const clients = [{ clientId, redirectUris, authentication: "client_secret_basic" as const, secret }];
    const { server, obtain } = await login({ clients }, secret);
    expect((await obtain()).accessToken).not.toBe("");
    expect(server.violations).toEqual([]);
  });
});

describe("conformance: what the suite's server checks of every request", () => {
  it("EnsureAuthorizationRequestContainsPkceCodeChallenge, each parameter once", async () => {
    const { uri } = await login();
    const names = [...uri.searchParams.keys()];
    expect(new Set(names).size).toBe(names.length);
    expect(uri.searchParams.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(uri.searchParams.get("code_challenge_method")).toBe("S256");
    expect(uri.searchParams.get("redirect_uri")).toBe(redirectUri);
  });

  it("CheckPkceCodeVerifier: it matches, is long and random enough, and was not used before", async () => {
    const app = createWebApp();
    for (let count = 0; count < 20; count++) await app.browser().login(`${app.origin}/me`, { person: "ada" });
    expect(app.provider.tokenRequests("authorization_code").map((request) => request.status)).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
    expect(app.provider.violations).toEqual([]);
  });
});
