import { answersTokens, refuses } from "../dialects/answers.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { hearing, put, say, withForm } from "../dialects/dialect.ts";
import { hearsScopes } from "../dialects/scopes.ts";
import { days, described, type Family, never } from "./family.ts";

const refresh = "/v1/oauth/refresh";

/** Refreshes go to an endpoint of their own, and their answer has no refresh token. */
export const figma: Family = {
  issuer: "https://www.figma.com",
  paths: { authorize: "/oauth", token: "/v1/oauth/token", revoke: null },
  kindOf: (path) => (path === refresh ? "token" : undefined),
  settings: { rotation: "omit", expiresIn: 90 * days, refreshTokenLifetime: never },
  resources: {
    "/v1/me": {
      scope: "current_user:read",
      body: ({ id, displayName: handle, email, picture: img_url }) => ({ id, email, handle, img_url }),
    },
  },
  dialects: [
    refuses(({ asked, status, error }) => {
      const message = asked === "refresh" ? "Invalid refresh token" : "Invalid code";
      if (error === "invalid_client")
        return { status: 401, body: { error: true, status: 401, message: "Unauthorized" } };
      return { status, body: { error: true, status, message } };
    }),
    hearing("token", (request) => {
      const asksToRefresh = request.form?.get("grant_type") === "refresh_token";
      const isRefresh = request.url.pathname === refresh;
      if (asksToRefresh && !isRefresh) {
        return say({ status: 404, body: { error: true, status: 404, message: "Not found" } });
      }
      return isRefresh ? withForm(request, (form) => put(form, "grant_type", "refresh_token")) : request;
    }),
    answersTokens(({ access_token, expires_in, refresh_token }, { person }) => ({
      ...{
        user_id: person.id,
        user_id_string: person.id,
        access_token,
        token_type: "bearer",
        expires_in,
        refresh_token,
      },
    })),
    authenticates("basic"),
    hearsScopes({ separator: /[ ,]/ }),
    takesPkce(),
  ],
  scope: ["current_user:read"],
  client: "basic",
  clock: "none",
  describes: (person) => described(person),
};
