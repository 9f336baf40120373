import { answersTokens, refuses } from "../dialects/answers.ts";
import { authenticates } from "../dialects/client.ts";
import { days, described, type Family, never } from "./family.ts";

/** `invalid_request` means a dead token at a refresh, a mistake of the caller elsewhere, and a replay ends everything. */
export const x: Family = {
  issuer: "https://x.com",
  paths: { authorize: "/i/oauth2/authorize", token: "/2/oauth2/token", revoke: "/2/oauth2/revoke" },
  settings: {
    ...{ rotation: "strict", expiresIn: 7200, refreshTokenLifetime: never },
    refreshTokenIdleLifetime: 181 * days,
  },
  resources: {
    "/2/users/me": {
      scope: "users.read",
      body: ({ id, name: username, displayName: name, email, picture }) => ({
        data: { id, name, username, profile_image_url: picture, confirmed_email: email },
      }),
    },
  },
  dialects: [
    refuses(({ asked, error }) => {
      if (error === "invalid_client") {
        const error_description = "Missing valid authorization header";
        return { status: 401, body: { error: "unauthorized_client", error_description } };
      }
      if (error !== "invalid_grant") return undefined;
      const what = asked === "code" ? "authorization code" : "token";
      const error_description = `Value passed for the ${what} was invalid.`;
      return { status: 400, body: { error: "invalid_request", error_description } };
    }),
    answersTokens((members, { grant }) => ({
      ...members,
      token_type: "bearer",
      refresh_token: grant.scope.includes("offline.access") ? members.refresh_token : undefined,
    })),
    authenticates("none", "basic"),
  ],
  scope: ["users.read", "tweet.read", "users.email", "offline.access"],
  client: "basic",
  clock: "unsure",
  describes: (person) => described(person),
};
