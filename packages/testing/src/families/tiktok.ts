import { answersTokens, refuses } from "../dialects/answers.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates, callsClientId } from "../dialects/client.ts";
import { hearsScopes } from "../dialects/scopes.ts";
import { days, described, type Family, never } from "./family.ts";

/** `client_key`, commas between scopes, paths that end with a slash, and a clock in the answer. */
export const tiktok: Family = {
  issuer: "https://www.tiktok.com",
  paths: { authorize: "/v2/auth/authorize/", token: "/v2/oauth/token/", revoke: "/v2/oauth/revoke/" },
  settings: {
    ...{ rotation: "rotate", expiresIn: 7200, refreshTokenLifetime: never },
    refreshTokenIdleLifetime: 180 * days,
  },
  resources: {
    "/v2/user/info/": {
      scope: "user.info.basic",
      body: ({ id: open_id, displayName: display_name, picture: avatar_url }) => ({
        data: { user: { open_id, display_name, avatar_url } },
        error: { code: "ok", message: "", log_id: "20261127000000000000000000000000000" },
      }),
    },
  },
  dialects: [
    refuses(({ asked, error, description }) => ({
      status: error === "invalid_client" ? 401 : 400,
      body: {
        error,
        error_description:
          asked === "refresh" && error === "invalid_grant" ? "Refresh token is invalid or expired." : description,
        log_id: "20261127000000000000000000000000000",
      },
    })),
    answersTokens((members, { person, scope, idle }) => ({
      ...members,
      ...{ open_id: person.id, refresh_expires_in: idle, scope: scope.join(","), token_type: "Bearer" },
    })),
    callsClientId("client_key"),
    authenticates("post"),
    hearsScopes({ separator: /,/ }),
    takesPkce(),
  ],
  scope: ["user.info.basic", "video.list"],
  client: "post",
  clock: "stated",
  kept: ["open_id"],
  describes: (person) => described(person, { email: null }),
};
