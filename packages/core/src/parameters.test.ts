import { describe, expect, it } from "vitest";
import {
  buildCodeRequest,
  buildLoginUri,
  buildRefreshRequest,
  createClient,
  createTokens,
  defineProvider,
  type ExtraParameters,
  type ProviderInput,
  pkceAuthenticator,
  readCallback,
  refreshTokens,
  revokeToken,
} from "./index.ts";

const api = "https://api.example";
const files = "https://files.example";
const codeChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

function clientWith(input: Partial<ProviderInput> = {}) {
  const provider = defineProvider({
    name: "as",
    issuer: "https://as.example",
    authorizationEndpoint: "https://as.example/authorize",
    tokenEndpoint: "https://as.example/token",
    revocationEndpoint: "https://as.example/revoke",
    ...input,
  });
  return createClient({ provider, clientId: "id", redirectUri: "https://app.example/cb" });
}

const tokens = createTokens({
  accessToken: "a",
  tokenType: "Bearer",
  expiresIn: 60,
  scope: [],
  refreshToken: "r",
  createdAt: 0,
  authorizedAt: 0,
});

/** Answers with tokens and keeps what was sent. */
function recorder() {
  const sent: URLSearchParams[] = [];
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(new URLSearchParams(String(init?.body)));
    return Response.json({ access_token: `a${sent.length}`, expires_in: 60 });
  };
  return { sent, fetch };
}

describe("further parameters", () => {
  it("may end as one that carries the protocol does, and begin so", () => {
    const parameters = { zip_code: "8000", app_state: "new", state_of_mind: "calm", scope_hint: "all" };
    const query = buildLoginUri(clientWith(), { codeChallenge, parameters }).searchParams;
    for (const [name, value] of Object.entries(parameters)) expect(query.get(name)).toBe(value);
  });

  it.each([[5], [true], [["a", 5]], [{ a: "b" }], ["\ud800"]])("are texts: %j is none", (value) => {
    const parameters = { audience: value } as unknown as ExtraParameters;
    expect(() => buildLoginUri(clientWith(), { codeChallenge, parameters })).toThrow(
      expect.objectContaining({ name: "ConfigurationError", code: "invalid_option", option: "audience" }),
    );
  });

  it("RFC 8707: resource, once or repeated, goes into the login URI and into each token request", async () => {
    const client = clientWith();
    const parameters = { resource: [api, files] };
    const query = buildLoginUri(client, { codeChallenge, parameters }).searchParams;
    expect(query.getAll("resource")).toEqual([api, files]);
    const callback = readCallback(client, "code=c&state=s", { state: "s" });
    const code = await buildCodeRequest(client, callback, "v".repeat(43), parameters);
    expect(code.body.getAll("resource")).toEqual([api, files]);
    const { sent, fetch } = recorder();
    await refreshTokens(client, tokens, { fetch, parameters: { resource: api } });
    expect(sent[0]?.toString()).toBe(
      `client_id=id&grant_type=refresh_token&refresh_token=r&resource=${encodeURIComponent(api)}`,
    );
  });

  it("go along with every refresh of an authenticator, and with a revocation", async () => {
    const { sent, fetch } = recorder();
    let now = 60_000;
    const options = { fetch, now: () => now, parameters: { resource: api } };
    const authenticator = pkceAuthenticator(clientWith(), tokens, options);
    await authenticator.tokens();
    now = 120_000;
    await authenticator.tokens();
    await revokeToken(clientWith(), "t", { fetch, parameters: { token_type_hint: "refresh_token" } });
    expect(sent.map((body) => body.get("resource") ?? body.get("token_type_hint"))).toEqual([
      api,
      api,
      "refresh_token",
    ]);
  });

  it("of the provider are in each request of their kind, and give way to those of the request", async () => {
    const parameters = { code: { expiring: "1" }, refresh: { resource: api, tenant: "x" } };
    const client = clientWith({ parameters });
    const callback = readCallback(client, "code=c&state=s", { state: "s" });
    const code = await buildCodeRequest(client, callback, "v".repeat(43));
    expect([code.body.get("expiring"), code.body.has("resource")]).toEqual(["1", false]);
    const refresh = await buildRefreshRequest(client, "r", { resource: files });
    expect([refresh.body.getAll("resource"), refresh.body.get("tenant")]).toEqual([[files], "x"]);
  });

  it.each([
    "grant_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "refresh_token",
    "token",
    "scope",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "state",
  ])("A7 do not set %s", async (name) => {
    const reserved = { code: "reserved_parameter", option: name };
    const parameters: ExtraParameters = { [name]: "x" };
    const { sent, fetch } = recorder();
    await expect(refreshTokens(clientWith(), tokens, { fetch, parameters })).rejects.toMatchObject(reserved);
    expect(sent).toEqual([]);
    expect(() => buildLoginUri(clientWith(), { codeChallenge, parameters })).toThrow(expect.objectContaining(reserved));
    for (const kind of ["code", "refresh"]) {
      expect(() => clientWith({ parameters: { [kind]: parameters } })).toThrow(expect.objectContaining(reserved));
    }
  });

  it("response_mode is refused, because it is the provider that says where the callback is read from", () => {
    const reserved = expect.objectContaining({ code: "reserved_parameter", option: "response_mode" });
    const parameters = { response_mode: "form_post" };
    expect(() => buildLoginUri(clientWith(), { codeChallenge, parameters })).toThrow(reserved);
    const authorizationEndpoint = "https://as.example/authorize?response_mode=fragment";
    expect(() => buildLoginUri(clientWith({ authorizationEndpoint }), { codeChallenge })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("responseMode") }),
    );
  });

  it("A3 A6 leave empty values out, and are text that has a UTF-8 form", async () => {
    const empty: ExtraParameters = { a: "", b: undefined, c: [], d: ["", "x"] };
    expect([...(await buildRefreshRequest(clientWith(), "r", empty)).body].slice(3)).toEqual([["d", "x"]]);
    await expect(buildRefreshRequest(clientWith(), "r", { hint: "\uD800" })).rejects.toMatchObject({ option: "hint" });
  });
});
