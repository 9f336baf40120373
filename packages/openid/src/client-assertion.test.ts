import { createClient, defineProvider, revokeToken } from "@pixy/core";
import { exportJWK, exportPKCS8, generateKeyPair, type JWK, jwtVerify } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { clientId, issuer } from "../test/issuer.ts";
import { insecureClientSecretJwt, type PrivateKey, privateKeyJwt } from "./index.ts";

const server = { issuer, endpoint: `${issuer}/token` };
const now = () => 1_795_000_000_000;

let pair: Awaited<ReturnType<typeof generateKeyPair>>;
let jwk: JWK;
beforeAll(async () => {
  pair = await generateKeyPair("ES256", { extractable: true });
  jwk = { ...(await exportJWK(pair.privateKey)), alg: "ES256", kid: "ours", "x5t#S256": "thumb" };
});

async function sent(authentication: ReturnType<typeof privateKeyJwt>) {
  const [body, headers] = [new URLSearchParams(), new Headers()];
  await authentication(body, headers, clientId, server);
  expect([...headers]).toEqual([]);
  return Object.fromEntries(body);
}

describe("privateKeyJwt", () => {
  it("signs who the client is for the issuer, for a minute, each time anew", async () => {
    const authentication = privateKeyJwt(jwk, { now });
    const [first, second] = [await sent(authentication), await sent(authentication)];
    expect(first).toEqual({
      client_id: clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: expect.any(String),
    });
    const verified = await jwtVerify(first.client_assertion ?? "", pair.publicKey, { currentDate: new Date(now()) });
    expect(verified.protectedHeader).toEqual({ alg: "ES256", kid: "ours", "x5t#S256": "thumb" });
    const iat = now() / 1000;
    expect(verified.payload).toEqual({
      ...{ iss: clientId, sub: clientId, aud: issuer, iat, exp: iat + 60, jti: expect.any(String) },
    });
    expect(second.client_assertion).not.toBe(first.client_assertion);
    expect(JSON.stringify(first)).not.toContain(jwk.d);
    expect(authentication.method).toBe("private_key_jwt");
  });

  it("takes PEM, and the endpoint as the audience", async () => {
    const key = { pem: await exportPKCS8(pair.privateKey), alg: "ES256", kid: "pem" };
    const { client_assertion = "" } = await sent(privateKeyJwt(key, { audience: "endpoint", now }));
    const verified = await jwtVerify(client_assertion, pair.publicKey, { currentDate: new Date(now()) });
    expect([verified.payload.aud, verified.protectedHeader.kid]).toEqual([server.endpoint, "pem"]);
  });

  it("is asked for each request with the URL that it goes to", async () => {
    const revocationEndpoint = `${issuer}/revoke`;
    const endpoints = { authorizationEndpoint: `${issuer}/authorize`, tokenEndpoint: `${issuer}/token` };
    const provider = defineProvider({ name: "tenant", issuer, ...endpoints, revocationEndpoint });
    const authentication = privateKeyJwt(jwk, { audience: "endpoint" });
    const client = createClient({ provider, clientId, redirectUri: "https://app.example/callback", authentication });
    let assertion = "";
    const fetch = async (_input: unknown, init?: RequestInit) => {
      assertion = new URLSearchParams(String(init?.body)).get("client_assertion") ?? "";
      return new Response(null, { status: 200 });
    };
    await revokeToken(client, "token", { fetch: fetch as typeof globalThis.fetch });
    expect((await jwtVerify(assertion, pair.publicKey)).payload.aud).toBe(revocationEndpoint);
  });

  it.each<[string, () => unknown]>([
    ["nothing", () => null],
    ["a public key", () => ({ ...jwk, d: undefined })],
    ["a key without an algorithm", () => ({ ...jwk, alg: undefined })],
    ["a key for HS256", () => ({ ...jwk, alg: "HS256" })],
    ["a certificate", () => ({ pem: "-----BEGIN CERTIFICATE-----", alg: "RS256" })],
  ])("refuses %s", (_what, key) => {
    expect(() => privateKeyJwt(key() as PrivateKey)).toThrow(expect.objectContaining({ option: "key" }));
  });
});

describe("privateKeyJwt with a key that cannot be read", () => {
  it.each<[string, () => unknown]>([
    ["a PEM of another kind", () => ({ pem: "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END", alg: "RS256" })],
    [
      "a PEM that was cut",
      () => ({ pem: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", alg: "ES256" }),
    ],
    ["a JWK whose parts do not fit", () => ({ ...jwk, d: "AAAA" })],
  ])("names the option once it is needed, and what to write: %s", async (_what, key) => {
    const error = await sent(privateKeyJwt(key() as PrivateKey)).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "ConfigurationError", code: "invalid_option", option: "key" });
    expect((error as { hint: string }).hint).toMatch(/openssl pkcs8 -topk8 -nocrypt/);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe("insecureClientSecretJwt", () => {
  it("signs with the secret, which needs 32 octets", async () => {
    const secret = "s".repeat(32);
    const { client_assertion = "" } = await sent(insecureClientSecretJwt(secret, { now }));
    const key = new TextEncoder().encode(secret);
    expect((await jwtVerify(client_assertion, key, { currentDate: new Date(now()) })).payload.iss).toBe(clientId);
    expect(client_assertion).not.toContain(secret);
    for (const short of ["", "s".repeat(31), undefined as unknown as string]) {
      expect(() => insecureClientSecretJwt(short)).toThrow(expect.objectContaining({ option: "secret" }));
    }
  });
});
