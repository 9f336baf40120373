import assert from "node:assert/strict";
import { test } from "node:test";
import * as core from "../../packages/core/dist/index.js";
import { spotify } from "../../packages/providers/dist/spotify.js";

const vectors = {
  // RFC 7636 Appendix B
  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  // OAuth 2.1, the example of section 4.1.1
  "3641a2d12d66101249cdf7a79c000c1f8c05d2aafcf14bf146497bed": "6fdkQaPm51l13DSukcAH3Mdx7_ntecHYd1vi3n0hMZY",
  ["-._~".repeat(32)]: "wEN2Mh1i33jhevH7WF-NulA1aGJPY9l0zG2M4t8rhw4",
  ["A".repeat(128)]: "tqw8wQOGMxx2XwTwQcFH0PJ48q7Y6qAh4tAFf8b2_54",
};

for (const [verifier, challenge] of Object.entries(vectors)) {
  test(`the challenge of ${verifier.slice(0, 20)}… is the one that was published`, async () => {
    assert.deepEqual({ ...(await core.generateCodes(verifier)) }, { verifier, challenge, method: "S256" });
  });
}

test("a verifier has the length that was asked for, and no other alphabet", async () => {
  for (const length of [43, 44, 100, 127, 128]) {
    const { verifier, challenge } = await core.generateCodes(length);
    assert.equal(verifier.length, length);
    assert.match(verifier, /^[\w.~-]+$/);
    assert.match(challenge, /^[\w-]{43}$/);
  }
  assert.notEqual((await core.generateCodes()).verifier, (await core.generateCodes()).verifier);
});

test("a code is exchanged and tokens are refreshed, once for five callers", async () => {
  const client = core.createClient({
    provider: spotify,
    clientId: "client-of-the-app",
    redirectUri: "http://127.0.0.1:3000/callback",
  });
  const codes = await core.generateCodes();
  const state = core.generateState();
  const uri = core.buildLoginUri(client, { state, codeChallenge: codes.challenge, codeChallengeMethod: codes.method });
  assert.equal(uri.searchParams.get("code_challenge"), codes.challenge);
  const sent = [];
  let now = 1_790_000_000_000;
  const fetch = async (_url, init) => {
    const body = new URLSearchParams(init.body);
    sent.push(Object.fromEntries(body));
    const json = { access_token: `access-${sent.length}`, token_type: "Bearer", expires_in: 3600 };
    return Response.json(sent.length === 1 ? { ...json, refresh_token: "refresh" } : json);
  };
  const callback = core.readCallback(client, new URLSearchParams({ code: "code", state }), { state });
  const tokens = await core.exchangeCode(client, callback, codes.verifier, { fetch, now: () => now });
  assert.equal(sent[0].code_verifier, codes.verifier);
  now += 3_600_000;
  const authenticator = core.pkceAuthenticator(client, tokens, { fetch, now: () => now });
  const fresh = await Promise.all(Array.from({ length: 5 }, () => authenticator.tokens()));
  assert.deepEqual([...new Set(fresh.map((one) => one.accessToken))], ["access-2"]);
  assert.deepEqual(sent.slice(1), [
    { grant_type: "refresh_token", refresh_token: "refresh", client_id: "client-of-the-app" },
  ]);
});

test("an error keeps its secrets", async () => {
  const client = core.createClient({
    provider: spotify,
    clientId: "client-of-the-app",
    redirectUri: "http://127.0.0.1:3000/callback",
  });
  const fetch = async () => Response.json({ error: "invalid_grant" }, { status: 400 });
  const tokens = core.createTokens({
    accessToken: "canary-access",
    tokenType: "Bearer",
    expiresIn: 0,
    scope: [],
    refreshToken: "canary-refresh",
    createdAt: 0,
    authorizedAt: 0,
  });
  const error = await core
    .pkceAuthenticator(client, tokens, { fetch })
    .tokens()
    .catch((caught) => caught);
  assert.equal(core.ReauthRequiredError.isInstance(error), true);
  assert.equal(`${error.stack} ${JSON.stringify(error)} ${String(tokens)}`.includes("canary"), false);
});
