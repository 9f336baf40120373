import { refuses } from "../dialects/answers.ts";
import { described, type Family, never } from "./family.ts";
import { standard } from "./standard.ts";

/** Ended in November 2026, and kept as a bad example: refusals repeat the refresh token, and the end is a 410. */
export const fitbit: Family = {
  issuer: "https://www.fitbit.com",
  paths: { authorize: "/oauth2/authorize", token: "/oauth2/token", revoke: "/oauth2/revoke" },
  settings: { rotation: "rotate", refreshTokenGrace: 120, expiresIn: 28_800, refreshTokenLifetime: never },
  resources: {
    "/1/user/-/profile.json": {
      scope: "profile",
      body: ({ id: encodedId, displayName, picture: avatar }) => ({ user: { encodedId, displayName, avatar } }),
    },
  },
  dialects: [
    refuses(({ asked, error, form }) => {
      const message =
        asked === "refresh"
          ? `Refresh token invalid: ${form.get("refresh_token")}. Visit https://dev.fitbit.com/docs/oauth2 for more information on the Fitbit Web API authorization process.`
          : `Authorization code invalid: ${form.get("code")}.`;
      const status = error === "invalid_client" ? 401 : 400;
      return { status, body: { errors: [{ errorType: error, message }], success: false } };
    }),
    ...standard(["none", "basic"]),
  ],
  scope: ["profile"],
  client: "basic",
  clock: "none",
  describes: (person) => described(person, { email: null }),
  outages: { "410, the end of the service": { kind: "status", status: 410, body: { errors: [], success: false } } },
};
