import { answersTokens } from "../dialects/answers.ts";
import { offline } from "../dialects/offline.ts";
import { revokesAnything } from "../dialects/revocations.ts";
import { claimsOf, days, described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** A refresh token only on request, never a second one; `iss` in callbacks that no metadata announces. */
export const google: Family = {
  issuer: "https://accounts.google.com",
  paths: { authorize: "/o/oauth2/v2/auth", token: "/token", revoke: "/revoke" },
  settings: {
    ...{ rotation: "omit", expiresIn: 3599, refreshTokenLifetime: never },
    ...{ refreshTokenIdleLifetime: 181 * days, announceIssuer: true },
  },
  resources: { "/v1/userinfo": { scope: "openid", body: claimsOf } },
  dialects: [
    revokesAnything({ status: 400, body: { error: "invalid_token", error_description: "Token expired or revoked" } }),
    offline("access_type", "offline"),
    answersTokens((members) => ({ ...members, token_type: "Bearer" })),
    ...standard(["none", "basic", "post"], { dead: "Token has been expired or revoked." }),
  ],
  scope: ["openid", "email", "profile"],
  client: "post",
  clock: "documented",
  describes: (person) => described(person, { emailVerified: true }),
};
