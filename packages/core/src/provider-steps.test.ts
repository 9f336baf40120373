import { describe, expect, it, vi } from "vitest";
import {
  authenticatedFetch,
  createClient,
  createTokens,
  defineProvider,
  exchangeCode,
  none,
  type ProviderInput,
  pushedLoginUri,
  readCallback,
  refreshTokens,
  revokeToken,
  staticAuthenticator,
} from "./index.ts";

const origin = "https://as.example";
const answer = { access_token: "access", token_type: "Bearer", expires_in: 60, more: "than is known" };
const verifier = "v".repeat(43);
const old = createTokens({
  ...{ accessToken: "old", tokenType: "Bearer", expiresIn: 60, scope: [], refreshToken: "refresh" },
  ...{ createdAt: 1, authorizedAt: 1, extra: { nonce: "of the login" } },
});

/** A client of a provider with these steps, and what was sent to it. */
function setUp(steps: Partial<ProviderInput>, respond: () => Response = () => Response.json(answer)) {
  const provider = defineProvider({
    ...{ name: "as", issuer: origin, authorizationEndpoint: `${origin}/authorize`, tokenEndpoint: `${origin}/token` },
    ...{ revocationEndpoint: `${origin}/revoke`, ...steps },
  });
  const client = createClient({ provider, clientId: "app", redirectUri: `${origin}/cb`, authentication: none() });
  const sent: { readonly headers: Headers; readonly body: string }[] = [];
  const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
    sent.push({ headers: new Headers(init.headers), body: String(init.body) });
    return respond();
  };
  const callback = () => readCallback(client, "code=c&state=s", { state: "s" });
  return { client, sent, fetch: fetch as typeof globalThis.fetch, callback };
}

describe("the steps of a provider", () => {
  it("check the whole answer to a code, with what the attempt has kept, and hand out claims and what is kept", async () => {
    const checkTokens = vi.fn(() => ({ claims: { sub: "ada" }, extra: { kept: "now" } }));
    const { client, fetch, callback } = setUp({ checkTokens });
    const claims: unknown[] = [];
    const tokens = await exchangeCode(client, callback(), verifier, {
      ...{ fetch, now: () => 5_000, extra: { nonce: "n" } },
      onClaims: (given) => void claims.push(given),
    });
    expect(checkTokens.mock.calls).toEqual([
      [answer, { request: "code", extra: { nonce: "n" }, now: 5_000, clientId: "app" }],
    ]);
    expect([claims, tokens.extra, tokens.tokenType]).toEqual([[{ sub: "ada" }], { kept: "now" }, "Bearer"]);
  });

  it("need not give claims, and nobody has to want them", async () => {
    const onClaims = vi.fn();
    const silent = setUp({ checkTokens: () => undefined });
    await exchangeCode(silent.client, silent.callback(), verifier, { fetch: silent.fetch, onClaims });
    expect(onClaims).not.toHaveBeenCalled();
    const telling = setUp({ checkTokens: () => ({ claims: { sub: "ada" } }) });
    await expect(
      exchangeCode(telling.client, telling.callback(), verifier, { fetch: telling.fetch }),
    ).resolves.toMatchObject({ accessToken: "access" });
  });

  it("refuse an answer, also where its code works no second time", async () => {
    const checkTokens = () => {
      throw new Error("another person");
    };
    const { client, fetch, callback } = setUp({ checkTokens });
    const refused = { name: "TokenRequestError", code: "tokens_rejected", outcome: "refused" };
    await expect(exchangeCode(client, callback(), verifier, { fetch })).rejects.toMatchObject(refused);
    await expect(refreshTokens(client, old, { fetch })).rejects.toMatchObject(refused);
  });

  it("check the answer to a refresh beside the tokens before it, and what was kept stays", async () => {
    const checkTokens = vi.fn(() => undefined);
    const { client, fetch } = setUp({ checkTokens });
    const tokens = await refreshTokens(client, old, { fetch, now: () => 5_000 });
    expect(checkTokens.mock.calls).toEqual([
      [answer, { request: "refresh", tokens: old, now: 5_000, clientId: "app" }],
    ]);
    expect(tokens.extra).toEqual(old.extra);
  });

  it("prove each token request, and again with what the answer says", async () => {
    const proveRequest = vi.fn((_request: unknown, { answer: seen }: { readonly answer: unknown }) => ({
      DPoP: seen === null ? "first" : "second",
    }));
    let asked = 0;
    const respond = () =>
      ++asked % 2 === 1 ? Response.json({ error: "use_dpop_nonce" }, { status: 400 }) : Response.json(answer);
    const { client, sent, fetch } = setUp({ proveRequest }, respond);
    await refreshTokens(client, old, { fetch });
    expect(sent.map(({ headers }) => headers.get("DPoP"))).toEqual(["first", "second"]);
    const request = { method: "POST", url: `${origin}/token` };
    expect(proveRequest.mock.calls[0]).toEqual([request, { accessToken: null, answer: null, extra: old.extra }]);
    expect(sent[0]?.body).toBe("client_id=app&grant_type=refresh_token&refresh_token=refresh");
  });

  it("prove a request of the API, and again unless its body was read once", async () => {
    const seen: [string | null, string | null][] = [];
    const proveRequest = vi.fn(() => ({ DPoP: "proof" }));
    const cancelled = vi.fn();
    const fetch = async (_url: unknown, init: RequestInit = {}): Promise<Response> => {
      const headers = new Headers(init.headers);
      seen.push([headers.get("DPoP"), headers.get("Authorization")]);
      return new Response(new ReadableStream({ cancel: cancelled }), { status: 400 });
    };
    const options = { origins: ["https://api.example"], proveRequest, fetch: fetch as typeof globalThis.fetch };
    const ask = authenticatedFetch(staticAuthenticator("token"), options);
    await ask("https://api.example/a", { method: "PUT", body: "text" });
    expect(seen).toEqual([
      ["proof", "Bearer token"],
      ["proof", "Bearer token"],
    ]);
    expect(cancelled).toHaveBeenCalledOnce();
    expect(proveRequest.mock.calls[0]).toEqual([
      { method: "PUT", url: "https://api.example/a" },
      { accessToken: "token", answer: null },
    ]);
    const stream = new ReadableStream({ pull: (controller) => controller.close() });
    await ask("https://api.example/b", { method: "POST", body: stream, duplex: "half" } as RequestInit);
    expect(seen).toHaveLength(3);
  });

  it("are refused where they are no functions", () => {
    for (const option of ["fetch", "proveRequest"]) {
      const options = { origins: ["https://api.example"], [option]: "text" } as never;
      expect(() => authenticatedFetch(staticAuthenticator("token"), options)).toThrow(
        expect.objectContaining({ code: "invalid_option", option }),
      );
    }
    for (const option of ["checkRedirectUri", "authorizationParameters", "checkTokens", "proveRequest"]) {
      expect(() => setUp({ [option]: "text" })).toThrow(expect.objectContaining({ code: "invalid_option", option }));
    }
  });

  it.each(["", "A", "a b", "a/b", "x".repeat(65)])("no route is called %j", (name) => {
    expect(() => setUp({ routes: { [name]: () => new Response() } as never })).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "routes" }),
    );
  });

  it("routes have short names", () => {
    expect(() =>
      setUp({
        routes: { "back-channel-logout": () => new Response(), ["x".repeat(64)]: () => new Response() } as never,
      }),
    ).not.toThrow();
  });
});

describe("a login that the provider wants to be sent to itself", () => {
  const uri = new URL(`${origin}/authorize?client_id=app&state=s`);

  it("goes there with who the client is, and the browser gets what came back", async () => {
    const seen: unknown[] = [];
    const { client } = setUp({
      async pushLogin(given, { clientId, authenticate }) {
        const body = new URLSearchParams();
        await authenticate(body, new Headers(), `${origin}/par`);
        seen.push([given.href, clientId, String(body)]);
        return new URL(`${origin}/authorize?request_uri=urn`);
      },
    });
    expect((await pushedLoginUri(client, uri)).href).toBe(`${origin}/authorize?request_uri=urn`);
    expect(seen).toEqual([[uri.href, "app", "client_id=app"]]);
  });

  it("stays as it is where the provider wants nothing", async () => {
    expect(await pushedLoginUri(setUp({}).client, uri)).toBe(uri);
  });
});

describe("a revocation", () => {
  it("says what kind of token it is, beside what the app adds, unless the provider has a way of its own", async () => {
    const hinted = setUp({});
    await revokeToken(hinted.client, "t", { fetch: hinted.fetch, kind: "refresh_token", parameters: { a: "b" } });
    await revokeToken(hinted.client, "t", { fetch: hinted.fetch });
    expect(hinted.sent.map(({ body }) => [...new URLSearchParams(body)].sort())).toEqual([
      [
        ["a", "b"],
        ["client_id", "app"],
        ["token", "t"],
        ["token_type_hint", "refresh_token"],
      ],
      [
        ["client_id", "app"],
        ["token", "t"],
      ],
    ]);
  });

  it("hands on what the provider says of the kind, which is no secret", async () => {
    const words = { error: "unsupported_token_type", error_description: "refresh_token is not revocable" };
    const { client, fetch } = setUp({}, () => Response.json(words, { status: 400 }));
    await expect(revokeToken(client, "a secret token", { fetch, kind: "refresh_token" })).rejects.toMatchObject({
      errorDescription: words.error_description,
    });
  });
});
