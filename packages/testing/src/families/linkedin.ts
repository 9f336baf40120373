import { answersTokens, refuses } from "../dialects/answers.ts";
import { refusesVerifier } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { claimsOf, days, described, type Family } from "./family.ts";

const noClient = { error: "invalid_client", error_description: "Client authentication failed" };

/** A verifier is refused as a wrong secret, and the answer states how much of a year is left. */
export const linkedin: Family = {
  issuer: "https://www.linkedin.com/oauth",
  paths: { authorize: "/oauth/v2/authorization", token: "/oauth/v2/accessToken", revoke: "/oauth/v2/revoke" },
  settings: { rotation: "omit", expiresIn: 60 * days, refreshTokenLifetime: 365 * days },
  resources: { "/v2/userinfo": { scope: "openid", body: claimsOf } },
  dialects: [
    refuses(({ asked, error }) =>
      asked === "refresh" && error === "invalid_grant"
        ? { status: 400, body: { error, error_description: "Token has been expired or revoked." } }
        : undefined,
    ),
    answersTokens((members, { grant, scope, absolute }) => ({
      access_token: members.access_token,
      expires_in: Math.min(Number(members.expires_in), Math.floor(absolute)),
      refresh_token: grant.refreshToken,
      refresh_token_expires_in: Math.floor(absolute),
      scope: scope.join(","),
      token_type: "Bearer",
    })),
    authenticates("post"),
    refusesVerifier({ status: 401, body: noClient }),
  ],
  scope: ["openid", "profile", "email"],
  client: "post",
  clock: "stated",
  describes: (person) => described(person, { emailVerified: true }),
};
