import { describe, expect, it } from "vitest";
import { type Callback, readCallback } from "./callback.ts";
import {
  basicWithoutSecret,
  type Client,
  type ClientAuthentication,
  createClient,
  none,
  secretPost,
} from "./client.ts";
import type { KeptMembers } from "./kept-members.ts";
import { buildLoginUri } from "./login-uri.ts";
import { exchangeCode, refreshTokens } from "./oauth-client.ts";
import { defineProvider, type ProviderInput } from "./provider.ts";
import { buildRefreshRequest } from "./token-request.ts";
import { createTokens, type Tokens } from "./tokens.ts";

const endpoints = {
  ...{ name: "as", issuer: "https://as.example" },
  ...{ authorizationEndpoint: "https://as.example/authorize", tokenEndpoint: "https://as.example/token" },
};
const challenge = "c".repeat(43);
const verifier = "v".repeat(43);
const now = Date.parse("2026-11-27T12:00:00Z");

function clientOf(more: Partial<ProviderInput>, authentication: ClientAuthentication = secretPost("secret")): Client {
  const provider = defineProvider({ ...endpoints, ...more });
  return createClient({ provider, clientId: "id", redirectUri: "https://app.example/cb", authentication });
}

const loginOf = (more: Partial<ProviderInput>, scope = ["a", "b"]) =>
  Object.fromEntries(buildLoginUri(clientOf(more), { scope, codeChallenge: challenge, state: "s" }).searchParams);

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly form: Readonly<Record<string, string>>;
}

/** A server with one answer, which keeps what it was sent. */
function serverOf(answer: (sent: Sent) => unknown, status = 200) {
  const seen: Sent[] = [];
  const answering: typeof fetch = async (input, init) => {
    const sent = {
      ...{ url: String(input), headers: new Headers(init?.headers) },
      form: Object.fromEntries(new URLSearchParams(String(init?.body))),
    };
    seen.push(sent);
    return Response.json(answer(sent), { status });
  };
  return { seen, options: { fetch: answering, now: () => now } };
}

const callbackOf = (client: Client): Callback => readCallback(client, "?state=s&code=the-code", { state: "s" });
const held = (more: Partial<Tokens> = {}) =>
  createTokens({
    ...{ accessToken: "a1", tokenType: "Bearer", expiresIn: 60, scope: ["a"], refreshToken: "r1" },
    ...{ createdAt: now - 60_000, authorizedAt: now - 1_000_000, ...more },
  });

describe("a provider without PKCE", () => {
  const pkce = "unsupportedByProvider" as const;

  it("gets neither challenge nor verifier, and a server that punishes them lets the login pass", async () => {
    expect(loginOf({ pkce })).toEqual({
      ...{ client_id: "id", response_type: "code", redirect_uri: "https://app.example/cb", state: "s", scope: "a b" },
    });
    const { seen, options } = serverOf(({ form }) =>
      "code_verifier" in form ? { error: "invalid_client" } : { access_token: "a1" },
    );
    const client = clientOf({ pkce });
    expect(await exchangeCode(client, callbackOf(client), verifier, options)).toMatchObject({ accessToken: "a1" });
    expect(Object.keys(seen[0]?.form ?? {}).sort()).toEqual(
      ["client_id", "client_secret", "code", "grant_type", "redirect_uri"].sort(),
    );
    expect(() => readCallback(client, "?state=other&code=x", { state: "s" })).toThrow(
      expect.objectContaining({ code: "state_mismatch" }),
    );
  });

  it.each([none, basicWithoutSecret])("is refused for a client without a secret", (authentication) => {
    expect(() => clientOf({ pkce }, authentication())).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "authentication" }),
    );
    expect(clientOf({}, authentication()).clientId).toBe("id");
  });
});

describe("the names and separators of a login", () => {
  it("are the provider's", () => {
    const scope = { separator: ",", parameter: "user_scope" } as const;
    const parameters = { authorization: { access_type: "offline" } };
    expect(loginOf({ scope, clientIdParameter: "client_key", parameters })).toMatchObject({
      ...{ client_key: "id", user_scope: "a,b", access_type: "offline", code_challenge: challenge },
    });
    expect(Object.keys(loginOf({ scope, clientIdParameter: "client_key" }))).not.toContain("client_id");
  });

  it("are no further parameters: nothing that carries the protocol is sent twice", async () => {
    const names = { scope: { parameter: "user_scope" }, clientIdParameter: "client_key" } as const;
    const client = clientOf(names);
    for (const name of ["user_scope", "client_key"]) {
      const reserved = expect.objectContaining({ code: "reserved_parameter", option: name });
      const parameters = { [name]: "x" };
      expect(() => buildLoginUri(client, { codeChallenge: challenge, parameters })).toThrow(reserved);
      expect(() => clientOf({ ...names, parameters: { authorization: parameters } })).toThrow(reserved);
      const endpoint = clientOf({ ...names, authorizationEndpoint: `https://as.example/authorize?${name}=x` });
      expect(() => buildLoginUri(endpoint, { codeChallenge: challenge })).toThrow(reserved);
    }
    await expect(buildRefreshRequest(client, "r", { client_key: "x" })).rejects.toMatchObject({ option: "client_key" });
  });

  it("give way to a parameter of the one login", () => {
    const client = clientOf({ parameters: { authorization: { prompt: "consent" } } });
    const uri = buildLoginUri(client, { codeChallenge: challenge, parameters: { prompt: "login" } });
    expect(uri.searchParams.getAll("prompt")).toEqual(["login"]);
  });
});

describe("a token request", () => {
  it("goes to the endpoint for refreshes with the provider's headers and its name for the client id", async () => {
    const { seen, options } = serverOf(() => ({ access_token: "a2" }));
    const client = clientOf({
      refreshEndpoint: "https://as.example/refresh",
      clientIdParameter: "client_key",
      headers: { token: { "User-Agent": "app/1" } },
    });
    await refreshTokens(client, held(), options);
    await exchangeCode(client, callbackOf(client), verifier, options);
    expect(seen.map(({ url, headers }) => [url, headers.get("user-agent")])).toEqual([
      ["https://as.example/refresh", "app/1"],
      ["https://as.example/token", "app/1"],
    ]);
    expect(seen.map(({ form }) => [form.client_key, form.client_id])).toEqual(Array(2).fill(["id", undefined]));
  });

  it("identifies a client with an empty password where it is told to", async () => {
    const { seen, options } = serverOf(() => ({ access_token: "a2" }));
    await refreshTokens(clientOf({}, basicWithoutSecret()), held(), options);
    expect(seen[0]?.headers.get("authorization")).toBe(`Basic ${btoa("id:")}`);
  });
});

describe("an answer", () => {
  const tokensOf = (answer: unknown, more: Partial<ProviderInput>, tokens = held()) =>
    refreshTokens(clientOf(more), tokens, serverOf(() => answer).options);

  it("that has its tokens elsewhere is read where the provider says, for a code and flat for a refresh", async () => {
    const answer: ProviderInput["answer"] = {
      tokens: (members, request) =>
        request === "code" ? ((members.authed_user ?? members) as Record<string, unknown>) : members,
    };
    const nested = { access_token: "xoxe.1", refresh_token: "xoxe-1", token_type: "user", expires_in: 43_200 };
    const provider = { answer, tokenTypes: ["user"], keep: ["ok", "team"] };
    const kept: KeptMembers[] = [];
    const client = clientOf(provider);
    const { options } = serverOf(() => ({
      ok: true,
      team: { id: "T1" },
      authed_user: { ...nested, scope: "search:read" },
    }));
    const tokens = await exchangeCode(client, callbackOf(client), verifier, {
      ...options,
      onKept: (members) => kept.push(members),
    });
    expect(tokens).toMatchObject({ accessToken: "xoxe.1", refreshToken: "xoxe-1", scope: ["search:read"] });
    expect(kept).toEqual([{ ok: true, team: { id: "T1" } }]);
    expect(await tokensOf({ ok: true, ...nested }, provider)).toMatchObject({ accessToken: "xoxe.1", scope: ["a"] });
  });

  it("without expires_in lives as long as the provider documents; one with it as it says", async () => {
    const accessTokens = { lifetime: 7200 };
    expect(await tokensOf({ access_token: "a2" }, { accessTokens })).toMatchObject({ expiresIn: 7200 });
    expect(await tokensOf({ access_token: "a2", expires_in: 60 }, { accessTokens })).toMatchObject({ expiresIn: 60 });
    expect(await tokensOf({ access_token: "a2" }, {})).toMatchObject({ expiresIn: null });
  });

  const stating = (field: string, clock: "idle" | "absolute") => ({ refreshTokens: { stated: { field, clock } } });

  it("that states the end moves it", async () => {
    const answer = { access_token: "a2", refresh_token: "r2", refresh_token_expires_in: 15_897_600 };
    const tokens = await tokensOf(
      answer,
      stating("refresh_token_expires_in", "idle"),
      held({ refreshTokenExpiresAt: 1 }),
    );
    expect(tokens.refreshTokenExpiresAt).toBe(now + 15_897_600_000);
  });

  it("that states no end lets the absolute clock go on and the idle one begin anew", async () => {
    const before = held({ refreshTokenExpiresAt: now + 5 });
    const end = async (clock: "idle" | "absolute", more = {}) =>
      (await tokensOf({ access_token: "a2", ...more }, stating("left", clock), before)).refreshTokenExpiresAt;
    expect(await end("absolute")).toBe(now + 5);
    expect(await end("idle")).toBe(undefined);
    expect(await end("absolute", { left: "junk" })).toBe(now + 5);
    expect(await end("absolute", { left: 0 })).toBe(null);
    expect(await end("idle", { left: 0 })).toBe(null);
  });

  it("is not asked for an end that the provider does not state", async () => {
    const tokens = await tokensOf({ access_token: "a2", refresh_expires_in: 0 }, { refreshTokens: { lifetime: 5000 } });
    expect(tokens).toMatchObject({ refreshToken: "r1", authorizedAt: now - 1_000_000 });
    expect("refreshTokenExpiresAt" in tokens).toBe(false);
  });
});
