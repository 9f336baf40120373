import { decodeProtectedHeader, EmbeddedJWK, jwtVerify } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { clientId, createIssuer, createKey, issuer, type Key, sign } from "../test/issuer.ts";
import { openid } from "./index.ts";

let key: Key;
beforeAll(async () => {
  key = await createKey("1");
});

async function login() {
  const world = createIssuer([key]);
  const provider = await openid(issuer, { fetch: world.fetch, now: () => world.now, dpop: true })();
  const start = { clientId, scope: ["openid"], state: "s", codeChallenge: "c", parameters: {} };
  const added = await provider.authorizationParameters?.(start);
  const prove = async (request: { method: string; url: string }, accessToken: string | null, nonce?: string | null) => {
    const headers = new Headers(nonce ? { "dpop-nonce": nonce } : {});
    const answer = nonce === undefined ? null : { status: 401, headers };
    return (await provider.proveRequest?.(request, { accessToken, answer, extra: added?.extra })) ?? null;
  };
  return { world, provider, added, prove };
}

const proofOf = async (headers: Readonly<Record<string, string>> | null) => {
  const proof = headers?.dpop ?? "";
  return { ...(await jwtVerify(proof, EmbeddedJWK)), header: decodeProtectedHeader(proof) };
};

describe("tokens that are bound to a key", () => {
  it("get a key with the login, which signs the code's request and, with the token's hash, each other one", async () => {
    const { added, prove } = await login();
    expect(added?.parameters?.dpop_jkt).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(added?.extra).length).toBeLessThan(512);
    const token = await prove({ method: "POST", url: `${issuer}/token` }, null);
    expect(token).toEqual({ dpop: expect.any(String) });
    const { header, payload } = await proofOf(token);
    expect(header).toMatchObject({ typ: "dpop+jwt", alg: "ES256" });
    expect(header.jwk).not.toHaveProperty("d");
    expect(payload).toMatchObject({ htm: "POST", htu: `${issuer}/token`, jti: expect.any(String) });
    const api = await prove({ method: "GET", url: "https://api.example/me?x=1#y" }, "access-token");
    expect(api?.authorization).toBe("DPoP access-token");
    const { payload: second } = await proofOf(api);
    expect(second).toMatchObject({ htu: "https://api.example/me", ath: expect.any(String) });
    expect(second.jti).not.toBe(payload.jti);
  });

  it("use a server's nonce once more, then always, and no other server's", async () => {
    const { prove } = await login();
    const request = { method: "GET", url: "https://api.example/me" };
    expect((await proofOf(await prove(request, "t"))).payload.nonce).toBeUndefined();
    expect((await proofOf(await prove(request, "t", "n1"))).payload.nonce).toBe("n1");
    expect(await prove(request, "t", "n1")).toBeNull();
    const next = { ...request };
    expect((await proofOf(await prove(next, "t"))).payload.nonce).toBe("n1");
    expect(await prove(next, "t", "n1")).toBeNull();
    expect(
      (await proofOf(await prove({ method: "POST", url: `${issuer}/token` }, null))).payload.nonce,
    ).toBeUndefined();
  });

  it("are not sent again without a nonce, or with two", async () => {
    const { prove } = await login();
    for (const nonce of [null, "a, b", "a b"]) {
      expect(await prove({ method: "GET", url: "https://api.example/me" }, "t", nonce)).toBeNull();
    }
  });

  it("keep the key with them, over refreshes; tokens without one are proved by nothing", async () => {
    const { world, provider, added } = await login();
    const nonce = String(added?.parameters?.nonce);
    const id_token = await sign(world.claims({ nonce }), key);
    const asked = { clientId, now: world.now };
    const code = await provider.checkTokens?.({ id_token }, { ...asked, request: "code", extra: added?.extra ?? {} });
    expect(code?.extra).toEqual({ sub: "person-1", dpop: added?.extra?.dpop });
    const tokens = { accessToken: "a", tokenType: "Bearer", expiresIn: 1, scope: [], refreshToken: "r" } as const;
    const before = { ...tokens, createdAt: 0, authorizedAt: 0, extra: code?.extra };
    const refreshed = await provider.checkTokens?.(
      { id_token: await sign(world.claims(), key) },
      { ...asked, request: "refresh", tokens: before },
    );
    expect(refreshed?.extra).toEqual(code?.extra);
    const request = { method: "GET", url: "https://api.example/me" };
    expect(await provider.proveRequest?.(request, { accessToken: "a", answer: null })).toBeNull();
    expect(provider.tokenTypes).toEqual(["DPoP"]);
  });
});
