import { describe, expect, it } from "vitest";
import {
  authorizationUrl,
  callApi,
  errorOf,
  exchange,
  logIn,
  obtainTokens,
  post,
  redirectUri,
  refresh,
} from "../../test/fixture.ts";
import { type AuthorizationServer, createAuthorizationServer } from "../provider/authorization-server.ts";
import { createClock } from "./clock.ts";
import { randomToken } from "./random.ts";
import type { Registration } from "./registration.ts";
import { type Rule, rules } from "./violation.ts";

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

const broken = new Set<Rule>();

function rulesOf(server: AuthorizationServer): Rule[] {
  const found = server.violations.map(({ rule }) => rule);
  for (const rule of found) broken.add(rule);
  return found;
}

describe("an authorization request that may not be answered by redirect", () => {
  const clients: Registration[] = [{ clientId: "app", redirectUris: [redirectUri] }];
  const refused: [string, Rule, Record<string, string | null>, readonly Registration[] | undefined][] = [
    ["without a client", "unknown_client", { client_id: null }, undefined],
    ["from a client that is not registered", "unknown_client", { client_id: "other" }, clients],
    ["without a redirect URI", "redirect_uri_missing", { redirect_uri: null }, undefined],
    [
      "with a redirect URI of nobody",
      "redirect_uri_not_registered",
      { redirect_uri: "https://evil.example/" },
      clients,
    ],
    ["with a slash too many", "redirect_uri_not_registered", { redirect_uri: `${redirectUri}/` }, clients],
    [
      "with another port",
      "redirect_uri_not_registered",
      { redirect_uri: redirectUri.replace("3001", "3002") },
      clients,
    ],
    ["back to localhost", "redirect_uri_not_registered", { redirect_uri: "http://localhost:3001/cb" }, undefined],
    ["back to plain http", "redirect_uri_not_registered", { redirect_uri: "http://app.example/cb" }, undefined],
    ["back to 127.1", "redirect_uri_not_registered", { redirect_uri: "http://127.1/cb" }, undefined],
    ["back to a fragment", "redirect_uri_not_registered", { redirect_uri: `${redirectUri}#x` }, undefined],
  ];
  it.each(refused)("%s is %s", async (_, rule, changes, registered) => {
    const server = createAuthorizationServer(registered === undefined ? {} : { clients: registered });
    const answer = await server.fetch(await authorizationUrl(verifier, changes), { redirect: "manual" });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
    expect(rulesOf(server)).toEqual([rule]);
    expect(server.violations[0]?.request).toBe(server.requests[0]);
    await expect(server.authorize(await authorizationUrl(verifier, changes), { person: "ada" })).rejects.toThrow(
      server.violations[0]?.message,
    );
  });

  it("repeats the client or the redirect URI", async () => {
    const server = createAuthorizationServer();
    for (const addition of ["&client_id=app", `&redirect_uri=${encodeURIComponent(redirectUri)}`]) {
      const answer = await server.fetch((await authorizationUrl(verifier)) + addition, { redirect: "manual" });
      expect(answer.status).toBe(400);
    }
    expect(rulesOf(server)).toEqual(["duplicate_parameter", "duplicate_parameter"]);
  });

  it("accepts every port of a loopback literal that is registered without one", async () => {
    const server = createAuthorizationServer({
      clients: [{ clientId: "app", redirectUris: ["http://127.0.0.1/auth/callback"] }],
    });
    await server.authorize(await authorizationUrl(verifier), { person: "ada" });
    expect(server.violations).toEqual([]);
    const sneaky = await authorizationUrl(verifier, { redirect_uri: "http://127.0.0.1@evil.example/auth/callback" });
    await expect(server.authorize(sneaky, { person: "ada" })).rejects.toThrow("not registered");
  });
});

describe("an authorization request that is answered by redirect", () => {
  it.each<[string, Rule, string, Record<string, string | null>]>([
    ["without PKCE", "challenge_missing", "invalid_request", { code_challenge: null }],
    ["with an empty challenge", "challenge_missing", "invalid_request", { code_challenge: "" }],
    ["with plain PKCE", "challenge_method", "invalid_request", { code_challenge_method: "plain" }],
    ["without a method", "challenge_method", "invalid_request", { code_challenge_method: null }],
    ["with a padded challenge", "challenge_form", "invalid_request", { code_challenge: `${"a".repeat(43)}=` }],
    ["with a short challenge", "challenge_form", "invalid_request", { code_challenge: "a".repeat(42) }],
    ["for a token", "response_type", "unsupported_response_type", { response_type: "token" }],
    ["for nothing", "response_type", "invalid_request", { response_type: null }],
    ["with a comma in the scope", "scope_form", "invalid_scope", { scope: 'a "b"' }],
    ["with two spaces in the scope", "scope_form", "invalid_scope", { scope: "a  b" }],
  ])("%s is %s", async (_, rule, error, changes) => {
    const server = createAuthorizationServer();
    const callback = new URL(await server.authorize(await authorizationUrl(verifier, changes), { person: "ada" }));
    expect(callback.searchParams.get("error")).toBe(error);
    expect(callback.searchParams.get("state")).toBe("state-of-this-login");
    expect(callback.searchParams.has("code")).toBe(false);
    expect(rulesOf(server)).toEqual([rule]);
    expect(server.requests[0]?.error).toBe(error);
  });

  it("repeats a parameter", async () => {
    const server = createAuthorizationServer();
    const callback = await server.authorize(`${await authorizationUrl(verifier)}&state=other`, { person: "ada" });
    expect(callback).toContain("error=invalid_request");
    expect(rulesOf(server)).toEqual(["duplicate_parameter"]);
  });
});

describe("a code exchange", () => {
  it.each<[string, Rule, string, Record<string, string | null>]>([
    ["without a verifier", "verifier_missing", "invalid_request", { code_verifier: null }],
    ["with a short verifier", "verifier_form", "invalid_request", { code_verifier: "a".repeat(42) }],
    ["with a long verifier", "verifier_form", "invalid_request", { code_verifier: "a".repeat(129) }],
    ["with a strange verifier", "verifier_form", "invalid_request", { code_verifier: `${"a".repeat(43)}+` }],
    ["with another verifier", "verifier_mismatch", "invalid_grant", { code_verifier: randomToken("") }],
    ["with another redirect URI", "redirect_uri_mismatch", "invalid_grant", { redirect_uri: `${redirectUri}?` }],
    ["without a redirect URI", "missing_parameter", "invalid_request", { redirect_uri: null }],
    ["without a code", "missing_parameter", "invalid_request", { code: null }],
    ["by another client", "code_of_another_client", "invalid_grant", { client_id: "thief" }],
    ["by nobody", "client_authentication", "invalid_client", { client_id: null }],
    ["with a secret that a public client has not", "client_authentication", "invalid_client", { client_secret: "s" }],
    ["with another grant type", "grant_type", "unsupported_grant_type", { grant_type: "password" }],
    ["with an inherited grant type", "grant_type", "unsupported_grant_type", { grant_type: "toString" }],
    ["without a grant type", "missing_parameter", "invalid_request", { grant_type: null }],
  ])("%s is %s", async (_, rule, error, changes) => {
    const server = createAuthorizationServer();
    const answer = await exchange(server.fetch, await logIn(server), changes);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toBe(error);
    expect(rulesOf(server)).toEqual([rule]);
    expect(server.tokenRequests()[0]).toMatchObject({ status: 400, error });
  });

  it("with a used code revokes what the code gave", async () => {
    const server = createAuthorizationServer();
    const login = await logIn(server);
    const tokens = (await (await exchange(server.fetch, login)).json()) as Record<string, string>;
    expect(await errorOf(await exchange(server.fetch, login))).toBe("invalid_grant");
    expect(rulesOf(server)).toEqual(["code_replayed"]);
    expect((await callApi(server.fetch, tokens.access_token ?? "")).status).toBe(401);
    expect(await errorOf(await refresh(server.fetch, tokens.refresh_token ?? ""))).toBe("invalid_grant");
  });

  it("with an expired or unknown code is refused, but breaks no rule", async () => {
    const clock = createClock();
    const server = createAuthorizationServer({ clock });
    const login = await logIn(server);
    clock.advance(600_000);
    expect(await errorOf(await exchange(server.fetch, login))).toBe("invalid_grant");
    expect(await errorOf(await exchange(server.fetch, { ...login, code: "code-of-nobody" }))).toBe("invalid_grant");
    expect(server.violations).toEqual([]);
  });

  it("with a verifier that can be guessed, or that was used before, succeeds and is recorded", async () => {
    const server = createAuthorizationServer();
    expect((await exchange(server.fetch, await logIn(server, {}, "a".repeat(43)))).status).toBe(200);
    expect(rulesOf(server)).toEqual(["verifier_entropy"]);
    server.reset();
    expect((await exchange(server.fetch, await logIn(server, {}, verifier))).status).toBe(200);
    expect(server.violations).toEqual([]);
    expect((await exchange(server.fetch, await logIn(server, {}, verifier))).status).toBe(200);
    expect(rulesOf(server)).toEqual(["verifier_reused"]);
  });

  it("with a parameter without meaning succeeds and is recorded", async () => {
    const server = createAuthorizationServer({ tokenParameters: ["resource"] });
    const extra = { state: "s", resource: "https://api.example" };
    expect((await exchange(server.fetch, await logIn(server), extra)).status).toBe(200);
    expect(server.violations).toMatchObject([{ rule: "unknown_parameter", message: expect.stringContaining("state") }]);
  });
});

describe("a token request's form", () => {
  const form = { grant_type: "refresh_token", refresh_token: "x", client_id: "app" };

  it("repeats no parameter", async () => {
    const server = createAuthorizationServer();
    const answer = await post(server.fetch, "/api/token", "grant_type=refresh_token&client_id=a&client_id=a");
    expect(await errorOf(answer)).toBe("invalid_request");
    expect(rulesOf(server)).toEqual(["duplicate_parameter"]);
    expect(server.requests[0]?.repeated).toEqual(["client_id"]);
  });

  it.each(["application/json", "text/plain", "application/x-www-form-urlencoded; charset=latin1"])(
    "is no %s",
    async (type) => {
      const server = createAuthorizationServer();
      const answer = await post(server.fetch, "/api/token", form, { headers: { "content-type": type } });
      expect(await errorOf(answer)).toBe("invalid_request");
      expect(rulesOf(server)).toEqual(["content_type"]);
    },
  );

  it("may name UTF-8", async () => {
    const server = createAuthorizationServer();
    const type = "application/x-www-form-urlencoded;charset=UTF-8";
    const { refresh_token } = await obtainTokens(server);
    const answer = await post(
      server.fetch,
      "/api/token",
      { ...form, refresh_token },
      { headers: { "content-type": type } },
    );
    expect(answer.status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  it("is posted, and stands in the body only", async () => {
    const server = createAuthorizationServer();
    expect((await server.fetch("/api/token?grant_type=refresh_token")).status).toBe(405);
    expect((await post(server.fetch, "/api/token?client_id=app", form)).status).toBe(400);
    expect(rulesOf(server)).toEqual(["request_method", "parameter_in_query"]);
  });
});

describe("client authentication", () => {
  const clients: Registration[] = [
    { clientId: "a:b", redirectUris: [redirectUri], authentication: "client_secret_basic", secret: "p+q" },
    { clientId: "post", redirectUris: [redirectUri], authentication: "client_secret_post", secret: "s" },
    { clientId: "app", redirectUris: [redirectUri] },
  ];
  const form = { grant_type: "client_credentials", scope: "x" };
  const basic = { authorization: `Basic ${btoa("a%3Ab:p%2Bq")}` };

  it("takes the method of the registration, form-encoded before Basic", async () => {
    const server = createAuthorizationServer({ clients });
    const byBasic = await post(server.fetch, "/api/token", form, { headers: basic });
    const byPost = await post(server.fetch, "/api/token", { ...form, client_id: "post", client_secret: "s" });
    expect([byBasic.status, byPost.status]).toEqual([200, 200]);
    expect(await byPost.json()).not.toHaveProperty("refresh_token");
    expect(server.violations).toEqual([]);
  });

  it.each<[string, number, Record<string, string>, Record<string, string>]>([
    ["both methods at once", 401, { client_secret: "p+q" }, basic],
    ["two client ids", 401, { client_id: "post" }, basic],
    ["Basic that was not form-encoded", 401, {}, { authorization: `Basic ${btoa("a:b:p+q")}` }],
    ["Basic that is none", 401, {}, { authorization: "Basic ???" }],
    ["the wrong secret", 400, { client_id: "post", client_secret: "wrong" }, {}],
    ["the wrong method", 400, { client_id: "a:b", client_secret: "p+q" }, {}],
  ])("refuses %s", async (_, status, parameters, headers) => {
    const server = createAuthorizationServer({ clients });
    const answer = await post(server.fetch, "/api/token", { ...form, ...parameters }, { headers });
    expect(answer.status).toBe(status);
    expect(await errorOf(answer)).toBe("invalid_client");
    expect(server.violations.length).toBe(1);
    expect(["client_authentication", "unknown_client"]).toContain(server.violations[0]?.rule);
  });

  it("gives a public client no tokens of its own", async () => {
    const server = createAuthorizationServer({ clients });
    const answer = await post(server.fetch, "/api/token", { ...form, client_id: "app" });
    expect(await errorOf(answer)).toBe("unauthorized_client");
    expect(rulesOf(server)).toEqual(["grant_type"]);
  });
});

describe("a refresh", () => {
  it.each<[string, Rule, string, Record<string, string | null>]>([
    ["for more than was granted", "refresh_scope", "invalid_scope", { scope: "user-read-private streaming" }],
    ["for a malformed scope", "scope_form", "invalid_scope", { scope: "a  b" }],
    ["by another client", "refresh_token_of_another_client", "invalid_grant", { client_id: "thief" }],
    ["without a refresh token", "missing_parameter", "invalid_request", { refresh_token: null }],
  ])("%s is %s", async (_, rule, error, changes) => {
    const server = createAuthorizationServer();
    const { refresh_token } = await obtainTokens(server);
    expect(await errorOf(await refresh(server.fetch, refresh_token, changes))).toBe(error);
    expect(rulesOf(server)).toEqual([rule]);
  });

  it("carries no verifier and no redirect URI", async () => {
    const server = createAuthorizationServer();
    const { refresh_token } = await obtainTokens(server);
    await refresh(server.fetch, refresh_token, { code_verifier: verifier, redirect_uri: redirectUri });
    expect(rulesOf(server)).toEqual(["unknown_parameter", "unknown_parameter"]);
  });

  it("for less than was granted narrows the access token", async () => {
    const server = createAuthorizationServer();
    const { refresh_token } = await obtainTokens(server, { scope: "user-read-private playlist-read-private" });
    const answer = await refresh(server.fetch, refresh_token, { scope: "user-read-private" });
    const { access_token } = (await answer.json()) as { access_token: string };
    expect((await callApi(server.fetch, access_token, "/v1/me/playlists")).status).toBe(403);
    expect(server.violations).toEqual([]);
  });
});

it("a device polls for itself, and no faster than it was told", async () => {
  const server = createAuthorizationServer();
  const form = (members: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(members) });
  const begun = await server.fetch("/device_authorization", form({ client_id: "tv" }));
  const { device_code } = (await begun.json()) as { device_code: string };
  const grant = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code };
  const poll = async (client_id: string) => errorOf(await server.fetch("/api/token", form({ ...grant, client_id })));
  expect(await poll("thief")).toBe("invalid_grant");
  expect([await poll("tv"), await poll("tv")]).toEqual(["authorization_pending", "slow_down"]);
  expect(rulesOf(server)).toEqual(["device_code_of_another_client", "device_polled_too_fast"]);
});

it("an access token does not travel in a URL", async () => {
  const server = createAuthorizationServer();
  const { access_token } = await obtainTokens(server);
  expect((await server.fetch(`/v1/me?access_token=${access_token}`)).status).toBe(400);
  expect(rulesOf(server)).toEqual(["access_token_in_query"]);
});

it("a token request does not follow a redirect", async () => {
  const server = createAuthorizationServer();
  const { refresh_token } = await obtainTokens(server);
  server.fault({ at: "token", kind: "redirect" });
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token, client_id: "app" });
  await server.fetch("/api/token", { method: "POST", body, redirect: "manual" });
  expect(server.violations).toEqual([]);
  await expect(server.fetch("/api/token", { method: "POST", body, redirect: "error" })).rejects.toThrow(TypeError);
  expect(server.violations).toEqual([]);
  await server.fetch("/api/token", { method: "POST", body });
  expect(rulesOf(server)).toEqual(["redirect_followed"]);
  expect(server.requests.at(-1)?.parameters.refresh_token).toBe(refresh_token);
});

// The last one: it looks at what the others did.
it("every rule was broken by a test of this file, and the server saw it", () => {
  expect(rules.filter((rule) => !broken.has(rule))).toEqual([]);
});
