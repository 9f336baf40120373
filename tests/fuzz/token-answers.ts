import { createClient, refreshTokens, TokenRequestError, type Tokens } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import fc from "fast-check";
import { keepSecret, printed, refusal, type Target, target, texts } from "./target.ts";

const client = createClient({
  provider: spotify,
  clientId: "client",
  redirectUri: "https://app.example/auth/callback",
});
const before = {
  ...{ accessToken: "canary-of-the-old-access-token", refreshToken: "canary-of-the-old-refresh-token" },
  ...{ tokenType: "Bearer" as const, expiresIn: 3600, scope: ["a"], createdAt: 1, authorizedAt: 1 },
} satisfies Tokens;
const secrets = ["canary-of-the-new", "canary-of-the-old"];

const members = [
  "access_token",
  "token_type",
  "refresh_token",
  "expires_in",
  "scope",
  "error",
  "error_description",
  "__proto__",
  "constructor",
];
const values = fc.oneof(
  fc.constantFrom(
    "canary-of-the-new-token",
    "Bearer",
    "invalid_grant",
    3600,
    null,
    before.refreshToken,
    `${before.refreshToken} is revoked`,
  ),
  fc.jsonValue({ maxDepth: 2 }),
  texts(["canary-of-the-new-token", "a b"]),
);
const objects = fc
  .dictionary(fc.constantFrom(...members), values, { maxKeys: 6 })
  .map((object) => JSON.stringify(object));
const bodies = fc.oneof(
  { weight: 4, arbitrary: objects },
  { weight: 1, arbitrary: objects.map((text) => text.slice(0, -3)) },
  {
    weight: 2,
    arbitrary: texts(["{", "}", '"access_token":"canary-of-the-new-token"', "access_token=a", "\ufeff", "[", "null"]),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 99 }) },
);
const types = fc.constantFrom(
  "application/json",
  "application/json; charset=utf-8",
  "text/html",
  "application/x-www-form-urlencoded",
  "text/plain",
  "",
  "APPLICATION/JSON",
  "application/problem+json",
);
const answers = fc.record({
  body: bodies,
  type: types,
  status: fc.constantFrom(200, 200, 200, 201, 206, 302, 400, 401, 429, 500, 503),
});

const answer = target("token answer", answers, async ({ body, type, status }) => {
  const headers: HeadersInit = type === "" ? {} : { "content-type": type };
  const error = await refusal(async () => {
    const payload = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const respond = async () => new Response(payload as Uint8Array<ArrayBuffer>, { status, headers });
    const tokens = await refreshTokens(client, before, { fetch: respond, now: () => 2 });
    const texts = [tokens.accessToken, tokens.refreshToken ?? "a"];
    if (!texts.every((text) => /^[!-~]+$/.test(text)) || tokens.authorizedAt !== 1 || tokens.createdAt !== 2) {
      throw new Error("tokens that break a header, or a time");
    }
    if (!tokens.scope.every((item) => typeof item === "string")) throw new Error("a scope that is no text");
    keepSecret(`${String(tokens)}`, secrets);
  });
  if (error !== null && !TokenRequestError.isInstance(error)) throw error;
  if (error !== null) keepSecret(printed(error), ["canary-of-the-old"]);
  if (({} as Record<string, unknown>).polluted !== undefined) throw new Error("a prototype was changed");
});

export const tokenTargets: readonly Target[] = [answer];
