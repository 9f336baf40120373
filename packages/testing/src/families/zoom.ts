import { refuses } from "../dialects/answers.ts";
import { days, described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** A replaced refresh token is refused with a reason of its own. */
export const zoom: Family = {
  issuer: "https://zoom.us",
  paths: { authorize: "/oauth/authorize", token: "/oauth/token", revoke: "/oauth/revoke" },
  settings: {
    ...{ rotation: "rotate", expiresIn: 3599, refreshTokenLifetime: never },
    refreshTokenIdleLifetime: 90 * days,
  },
  resources: {
    "/v2/users/me": {
      body: ({ id, displayName: display_name, email, picture: pic_url }) => ({
        ...{ id, first_name: display_name.split(" ")[0], last_name: display_name.split(" ")[1], display_name },
        ...{ email, verified: 1, pic_url },
      }),
    },
  },
  dialects: [
    refuses(({ asked, error }) => {
      if (error === "invalid_client")
        return { status: 401, body: { reason: "Invalid client_id or client_secret", error } };
      if (error !== "invalid_grant") return undefined;
      return {
        status: 400,
        body: { reason: asked === "refresh" ? "Invalid Token!" : "Invalid authorization code", error },
      };
    }),
    ...standard(["none", "basic", "post"], { type: "bearer" }),
  ],
  scope: [],
  client: "basic",
  clock: "unsure",
  describes: (person) => described(person, { emailVerified: true }),
};
