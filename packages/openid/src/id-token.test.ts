import { TokenRequestError } from "@pixy/core";
import { base64url, CompactEncrypt, CompactSign, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  clientId,
  createIssuer,
  createKey,
  type Issuer,
  issuer,
  type Key,
  type Payload,
  sign,
} from "../test/issuer.ts";
import { IdTokenError, type OpenIdOptions, openid } from "./index.ts";

const accessToken = "access-token";
const encoder = new TextEncoder();
const part = (value: unknown) => base64url.encode(JSON.stringify(value));

let ours: Key;
let rsa: Key;
let stranger: Key;
let world: Issuer;

beforeAll(async () => {
  [ours, rsa, stranger] = await Promise.all([createKey("ec"), createKey("rsa", "RS256"), createKey("ec")]);
});
beforeEach(() => {
  world = createIssuer([ours, rsa]);
});

/** A login with its nonce, and what becomes of an ID token that answers it. */
async function login(parameters: Record<string, string> = {}, options: OpenIdOptions = {}) {
  const provider = await openid(issuer, { fetch: world.fetch, now: () => world.now, ...options })();
  const start = { clientId, scope: ["openid"], state: "s", codeChallenge: "c", parameters };
  const added = await provider.authorizationParameters?.(start);
  const nonce = String(added?.parameters?.nonce);
  const answer = (id_token: unknown) =>
    provider.checkTokens?.(
      { access_token: accessToken, ...(id_token === undefined ? {} : { id_token }) },
      { request: "code", clientId, now: world.now, extra: added?.extra ?? {} },
    );
  return { nonce, answer };
}

const inSeconds = (seconds: number) => Math.floor(world.now / 1000) + seconds;
const hashOf = async (text: string, algorithm = "SHA-256") => {
  const digest = await crypto.subtle.digest(algorithm, encoder.encode(text));
  return base64url.encode(new Uint8Array(digest, 0, digest.byteLength / 2));
};

describe("an ID token that is right", () => {
  it.each([
    ["by ES256", () => ours, {}],
    ["by RS256", () => rsa, {}],
    ["for several clients, given to this one", () => ours, { aud: [clientId, "other"], azp: clientId }],
    ["from a clock that is a minute ahead", () => ours, { iat: 60 }],
    ["from a clock that is a minute behind", () => ours, { exp: -59 }],
  ] as const)("logs somebody in, %s", async (_what, key, change) => {
    const { nonce, answer } = await login();
    const { iat, exp, ...claims } = change as { iat?: number; exp?: number };
    const times = { ...(iat ? { iat: inSeconds(iat) } : {}), ...(exp ? { exp: inSeconds(exp) } : {}) };
    const at_hash = await hashOf(accessToken);
    const payload = world.claims({ nonce, at_hash, ...claims, ...times });
    expect(await answer(await sign(payload, key()))).toEqual({ claims: payload, extra: { sub: "person-1" } });
  });

  it("by each algorithm, with the hash that goes with it", async () => {
    for (const [alg, hash] of [
      ["RS384", "SHA-384"],
      ["PS512", "SHA-512"],
      ["ES384", "SHA-384"],
      ["EdDSA", "SHA-512"],
      ["Ed25519", "SHA-512"],
    ] as const) {
      const key = await createKey(alg, alg);
      world = createIssuer([key], { id_token_signing_alg_values_supported: [alg] });
      const { nonce, answer } = await login();
      const at_hash = await hashOf(accessToken, hash);
      await expect(answer(await sign(world.claims({ nonce, at_hash }), key)), alg).resolves.toBeDefined();
    }
  });

  it("without a kid where the provider has one key of the kind", async () => {
    const { nonce, answer } = await login();
    await expect(answer(await sign(world.claims({ nonce }), ours, { kid: undefined }))).resolves.toBeDefined();
  });

  it("has standard claims of their types; others are left out, or read where it is text", async () => {
    const { nonce, answer } = await login();
    const odd = {
      nonce,
      name: 7,
      email: ["a@b"],
      email_verified: "true",
      auth_time: "now",
      amr: "pwd",
      tenant: { id: 1 },
    };
    const checked = await answer(await sign(world.claims(odd), ours));
    expect(checked).toMatchObject({ claims: { nonce, email_verified: true, tenant: { id: 1 } } });
    for (const name of ["name", "email", "auth_time", "amr"]) expect(checked?.claims).not.toHaveProperty(name);
  });
});

/** A token that is wrong, made by the provider's key or by a stranger's, for a login with this nonce. */
type Forge = (nonce: string) => unknown;
const by =
  (change: Payload | ((nonce: string) => Payload), header: Record<string, unknown> = {}, key = () => ours): Forge =>
  (nonce) =>
    sign(world.claims({ nonce, ...(typeof change === "function" ? change(nonce) : change) }), key(), header);
/** A payload as it is written here, signed by the provider's key. */
const raw =
  (text: (right: string, nonce: string) => string): Forge =>
  (nonce) =>
    new CompactSign(encoder.encode(text(JSON.stringify(world.claims({ nonce })), nonce)))
      .setProtectedHeader({ alg: "ES256", kid: "ec" })
      .sign(ours.privateKey);

const wrongTokens: readonly (readonly [what: string, code: string, forge: Forge])[] = [
  ["none at all", "id_token_missing", () => undefined],
  ["null", "id_token_missing", () => null],
  ["no text", "id_token_malformed", () => ({ sub: "person-1" })],
  ["no JWT", "id_token_malformed", () => "somebody"],
  ["two parts", "id_token_malformed", async (nonce) => ((await by({})(nonce)) as string).replace(/\.[^.]*$/, "")],
  ["a header that is no JSON", "id_token_malformed", () => `${base64url.encode("{")}.${part({})}.AAAA`],
  ["a payload that is no JSON", "id_token_malformed", raw((right) => right.slice(0, -1))],
  ["a payload that is a list", "id_token_malformed", raw((right) => `[${right}]`)],
  ["more than 16 kB", "id_token_too_large", by({ groups: "g".repeat(17_000) })],
  [
    "an encrypted one",
    "id_token_encrypted",
    () =>
      new CompactEncrypt(encoder.encode("{}"))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .encrypt(new Uint8Array(32)),
  ],
  ["alg none", "id_token_algorithm", (nonce) => `${part({ alg: "none" })}.${part(world.claims({ nonce }))}.`],
  [
    "alg none with the signature of another",
    "id_token_algorithm",
    async (nonce) => `${part({ alg: "none" })}.${((await by({})(nonce)) as string).split(".").slice(1).join(".")}`,
  ],
  [
    "HS256 with the public key",
    "id_token_algorithm",
    (nonce) =>
      new SignJWT(world.claims({ nonce }))
        .setProtectedHeader({ alg: "HS256", kid: "rsa" })
        .sign(encoder.encode(JSON.stringify(rsa.jwk))),
  ],
  [
    "HS256 with the client's id",
    "id_token_algorithm",
    (nonce) =>
      new SignJWT(world.claims({ nonce }))
        .setProtectedHeader({ alg: "HS256" })
        .sign(encoder.encode(clientId.repeat(2))),
  ],
  [
    "an algorithm that the provider does not announce",
    "id_token_algorithm",
    async (nonce) => sign(world.claims({ nonce }), await createKey("ec", "ES384")),
  ],
  [
    "a header that asks for more",
    "id_token_header",
    async (nonce) => {
      const [, payload = "", signature = ""] = ((await by({})(nonce)) as string).split(".");
      return `${part({ alg: "ES256", kid: "ec", crit: ["x"], x: 1 })}.${payload}.${signature}`;
    },
  ],
  ["an unknown kid", "id_token_key_unknown", by({}, { kid: "other" })],
  [
    "an unknown kid with a key of its own",
    "id_token_key_unknown",
    (nonce) => by({}, { kid: "mine", jwk: stranger.jwk }, () => stranger)(nonce),
  ],
  [
    "no kid, and several keys",
    "id_token_key_ambiguous",
    async (nonce) => {
      world.published.keys = [ours.jwk, { ...stranger.jwk, kid: "second" }];
      world.now += 600_000;
      return by({ iat: inSeconds(0), exp: inSeconds(60) }, { kid: undefined })(nonce);
    },
  ],
  ["a stranger's key under the provider's kid", "id_token_signature", by({}, {}, () => stranger)],
  [
    "a signature of something else",
    "id_token_signature",
    async (nonce) => {
      const [header, , signature] = ((await by({})(nonce)) as string).split(".");
      return `${header}.${part(world.claims({ nonce, sub: "person-2" }))}.${signature}`;
    },
  ],
  ["a key of another kind under the kid", "id_token_key_unknown", by({}, { kid: "rsa" })],
  ["a claim twice", "id_token_duplicate_member", raw((right) => right.replace("{", '{"sub":"person-2",'))],
  [
    "a claim twice, spelled in two ways",
    "id_token_duplicate_member",
    raw((right) => right.replace("{", '{"s\\u0075b":"person-2",')),
  ],
  ["no iss", "id_token_claim_missing", by({ iss: undefined })],
  ["no sub", "id_token_claim_missing", by({ sub: undefined })],
  ["no aud", "id_token_claim_missing", by({ aud: undefined })],
  ["no exp", "id_token_claim_missing", by({ exp: undefined })],
  ["no iat", "id_token_claim_missing", by({ iat: undefined })],
  ["an empty sub", "id_token_claim_invalid", by({ sub: "" })],
  ["a sub that is a number", "id_token_claim_invalid", by({ sub: 1 })],
  ["a sub of 256 characters", "id_token_claim_invalid", by({ sub: "s".repeat(256) })],
  ["an exp that is text", "id_token_claim_invalid", by(() => ({ exp: String(inSeconds(60)) }))],
  ["an iat that is text", "id_token_claim_invalid", by(() => ({ iat: String(inSeconds(0)) }))],
  ["another iss", "id_token_issuer", by({ iss: "https://evil.example" })],
  ["the iss with a slash", "id_token_issuer", by({ iss: `${issuer}/` })],
  ["a list of issuers", "id_token_issuer", by({ iss: [issuer] })],
  ["another aud", "id_token_audience", by({ aud: "another-client" })],
  ["others in a list", "id_token_audience", by({ aud: ["another-client", `${clientId}2`] })],
  ["two aud without azp", "id_token_authorized_party", by({ aud: [clientId, "another-client"] })],
  ["another azp", "id_token_authorized_party", by({ azp: "another-client" })],
  ["an azp that is a list", "id_token_authorized_party", by({ azp: [clientId] })],
  ["one that has expired", "id_token_expired", by(() => ({ exp: inSeconds(-61) }))],
  ["one from the future", "id_token_from_the_future", by(() => ({ iat: inSeconds(61) }))],
  ["one that is not valid yet", "id_token_from_the_future", by(() => ({ nbf: inSeconds(61) }))],
  ["another login's nonce", "id_token_nonce", by({ nonce: "another" })],
  ["no nonce", "id_token_nonce", by({ nonce: undefined })],
  ["a nonce in a list", "id_token_nonce", by((nonce) => ({ nonce: [nonce] }))],
  [
    "the hash of another access token",
    "id_token_access_token_hash",
    async (nonce) => by({ at_hash: await hashOf("x") })(nonce),
  ],
  [
    "the whole hash of this one",
    "id_token_access_token_hash",
    async (nonce) => {
      const digest = await crypto.subtle.digest("SHA-256", encoder.encode(accessToken));
      return by({ at_hash: base64url.encode(new Uint8Array(digest)) })(nonce);
    },
  ],
];

describe("an ID token that is wrong", () => {
  it.each(wrongTokens)("%s: %s", async (_what, code, forge) => {
    const { nonce, answer } = await login();
    const refused = await Promise.resolve(forge(nonce))
      .then(answer)
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(IdTokenError.isInstance(refused) && refused.code).toBe(code);
    const { message, hint, cause } = refused as IdTokenError;
    expect(JSON.stringify([message, hint, String(cause)])).not.toMatch(/person-|eyJ/);
    if (code === "id_token_nonce") expect(hint).toMatch(/^Log in again/);
  });

  it("is refused in each of these ways", () => {
    expect(wrongTokens.length).toBeGreaterThanOrEqual(40);
  });

  it("is one by an algorithm that the app does not want", async () => {
    const { nonce, answer } = await login({}, { algorithms: ["ES256"] });
    await expect(answer(await sign(world.claims({ nonce }), ours))).resolves.toBeDefined();
    await expect(answer(await sign(world.claims({ nonce }), rsa))).rejects.toMatchObject({
      code: "id_token_algorithm",
    });
    world.published.metadata.id_token_signing_alg_values_supported = undefined;
    world = createIssuer([ours, rsa], { id_token_signing_alg_values_supported: ["none", "HS256"] });
    const silent = await login();
    await expect(silent.answer(await sign(world.claims({ nonce: silent.nonce }), ours))).rejects.toMatchObject({
      code: "id_token_algorithm",
    });
  });
});

describe("how somebody logged in", () => {
  const timeOf = (seconds: number) => ({ auth_time: inSeconds(seconds) });

  it("is as long ago as max_age allows, counted from when the login began", async () => {
    const { nonce, answer } = await login({ max_age: "300" });
    world.now += 500_000;
    const began = -500;
    await expect(answer(await sign(world.claims({ nonce, ...timeOf(began - 300) }), ours))).resolves.toBeDefined();
    for (const change of [timeOf(began - 361), {}, { auth_time: String(inSeconds(0)) }]) {
      await expect(answer(await sign(world.claims({ nonce, ...change }), ours))).rejects.toMatchObject({
        code: "id_token_authentication_time",
      });
    }
  });

  it("is now, with a max_age of 0", async () => {
    const { nonce, answer } = await login({ max_age: "0" });
    await expect(answer(await sign(world.claims({ nonce, ...timeOf(0) }), ours))).resolves.toBeDefined();
    await expect(answer(await sign(world.claims({ nonce, ...timeOf(-61) }), ours))).rejects.toMatchObject({
      code: "id_token_authentication_time",
    });
  });

  it("is one of acr_values", async () => {
    const { nonce, answer } = await login({ acr_values: "phr phrh" });
    await expect(answer(await sign(world.claims({ nonce, acr: "phrh" }), ours))).resolves.toBeDefined();
    for (const acr of ["0", undefined, ["phr"]]) {
      await expect(answer(await sign(world.claims({ nonce, acr }), ours))).rejects.toMatchObject({
        code: "id_token_authentication_context",
      });
    }
  });

  it.each(["soon", "-1", "1e3", ""])("max_age may not be %j", async (max_age) => {
    await expect(login({ max_age })).rejects.toMatchObject({
      name: "ConfigurationError",
      option: "parameters.max_age",
    });
  });
});

describe("the tenants of Entra", () => {
  const [ourTenant, otherTenant] = ["72f988bf-86f1-41af-91ab-2d7cd011db47", "9188040d-6c67-4c5b-b112-36a304b66dad"];
  const site = "https://login.microsoftonline.com";
  const pattern = `${site}/{tenantid}/v2.0`;
  const found = (tenants: OpenIdOptions["tenants"]) => {
    const metadata = { issuer: pattern, token_endpoint: `${site}/organizations/oauth2/v2.0/token` };
    world = createIssuer([ours], { ...metadata, code_challenge_methods_supported: undefined });
    const options = {
      issuerPattern: pattern,
      pkce: "known",
      tenants,
      fetch: world.fetch,
      now: () => world.now,
    } as const;
    return openid(`${site}/organizations/v2.0`, options)();
  };
  const check = async (tenants: OpenIdOptions["tenants"], claims: Payload) => {
    const provider = await found(tenants);
    const id_token = await sign(world.claims({ nonce: "n", ...claims }), ours);
    return provider.checkTokens?.({ id_token }, { request: "code", clientId, now: world.now, extra: { nonce: "n" } });
  };
  const of = (tid: string, iss = tid) => ({ tid, iss: `${site}/${iss}/v2.0` });

  it("come in where they are named, or any", async () => {
    const extra = { sub: "person-1", iss: `${site}/${ourTenant}/v2.0` };
    await expect(check([ourTenant], of(ourTenant))).resolves.toMatchObject({ extra });
    await expect(check("any", of(otherTenant))).resolves.toBeDefined();
  });

  it.each([
    ["id_token_tenant", of(otherTenant)],
    ["id_token_issuer", of(ourTenant, otherTenant)],
    ["id_token_issuer", of(ourTenant, "{tenantid}")],
    ["id_token_issuer", { iss: `${site}/${ourTenant}/v2.0` }],
    ["id_token_issuer", of("../x")],
    ["id_token_issuer", { tid: ourTenant, iss: `https://evil.example/${ourTenant}/v2.0` }],
  ] as const)("%s for %j", async (code, claims) => {
    await expect(check([ourTenant], claims)).rejects.toMatchObject({ code });
  });
});

describe("a refresh", () => {
  const tokens = {
    accessToken,
    tokenType: "Bearer",
    expiresIn: 60,
    scope: [],
    refreshToken: "r",
    createdAt: 0,
  } as const;
  const refresh = async (id_token: unknown, extra: Record<string, string> | undefined = { sub: "person-1" }) => {
    const provider = await openid(issuer, { fetch: world.fetch, now: () => world.now })();
    const answer = { access_token: accessToken, ...(id_token === undefined ? {} : { id_token }) };
    const before = { ...tokens, authorizedAt: 0, extra };
    return provider.checkTokens?.(answer, { request: "refresh", clientId, now: world.now, tokens: before });
  };

  it("need not bring an ID token; one of the same person is right, without a nonce", async () => {
    expect(await refresh(undefined)).toBeUndefined();
    expect(await refresh(await sign(world.claims(), ours))).toMatchObject({ extra: { sub: "person-1" } });
  });

  // The tokens came, and those of before may be used up: what is not there costs none of them.
  it.each([null, ""])("that says %j in the place of an ID token brings none", async (nothing) => {
    expect(await refresh(nothing)).toBeUndefined();
  });

  it("of another person ends the login", async () => {
    const refused = refresh(await sign(world.claims({ sub: "person-2" }), ours));
    await expect(refused).rejects.toMatchObject({ outcome: "ended", cause: { code: "id_token_subject" } });
  });

  it.each([
    ["id_token_issuer", { iss: "https://evil.example" }],
    ["id_token_audience", { aud: "another-client" }],
  ])("is refused, %s", async (code, change) => {
    await expect(refresh(await sign(world.claims(change), ours))).rejects.toMatchObject({ code });
  });

  it("whose keys are not to be had may pass", async () => {
    const token = await sign(world.claims(), await createKey("new"));
    const provider = await openid(issuer, { fetch: world.fetch, now: () => world.now })();
    world.published.isAway = true;
    world.now += 30_000;
    const before = { ...tokens, authorizedAt: 0 };
    const failed = await Promise.resolve(
      provider.checkTokens?.({ id_token: token }, { request: "refresh", clientId, now: world.now, tokens: before }),
    ).catch((error: unknown) => error);
    expect(TokenRequestError.isInstance(failed) && failed.outcome).toBe("unavailable");
  });
});
