import { answersTokens, refuses } from "../dialects/answers.ts";
import { refusesAccess } from "../dialects/api.ts";
import { ignoresPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { wantsHeader } from "../dialects/headers.ts";
import { revokes } from "../dialects/revocations.ts";
import { described, type Family, never } from "./family.ts";

/** The scope is a list, refusals have no `error`, a challenge is ignored, the API wants the client's id, and a revocation an access token. */
export const twitch: Family = {
  issuer: "https://id.twitch.tv/oauth2",
  paths: { authorize: "/oauth2/authorize", token: "/oauth2/token", revoke: "/oauth2/revoke" },
  settings: { rotation: "sometimes", expiresIn: 14_124, refreshTokenLifetime: never },
  resources: {
    "/helix/users": {
      body: ({ id, name, displayName, email, picture }) => ({
        data: [{ id, login: name, display_name: displayName, email, profile_image_url: picture }],
      }),
    },
  },
  dialects: [
    wantsHeader("api", "client-id", {
      status: 401,
      body: { error: "Unauthorized", status: 401, message: "Client ID is missing" },
    }),
    refusesAccess({ status: 401, body: { error: "Unauthorized", status: 401, message: "Invalid OAuth token" } }),
    refuses(({ asked, error }) => {
      if (error === "invalid_client") return { status: 403, body: { status: 403, message: "invalid client secret" } };
      if (error !== "invalid_grant") return { status: 400, body: { status: 400, message: "missing client secret" } };
      const message = asked === "refresh" ? "Invalid refresh token" : "Invalid authorization code";
      return { status: 400, body: { status: 400, message } };
    }),
    answersTokens((members, { grant, scope }) => ({
      ...members,
      refresh_token: members.refresh_token ?? grant.refreshToken,
      scope,
      token_type: "bearer",
    })),
    revokes({
      accessTokensAlone: true,
      token: ({ form }) => form?.get("token") ?? null,
      done: { status: 200, body: null },
      gone: { status: 400, body: { status: 400, message: "Invalid token" } },
    }),
    authenticates("post"),
    ignoresPkce(),
  ],
  scope: ["user:read:email"],
  client: "post",
  clock: "none",
  describes: (person) => described(person),
};
