import { answersTokens, refuses } from "../dialects/answers.ts";
import { answersItself } from "../dialects/api.ts";
import { takesPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { claimsOf, described, type Family, never } from "./family.ts";

const instance = "https://engines.my.salesforce.com";

/** No `expires_in`, the API's address in the answer, and a scope at a refresh is a mistake. */
export const salesforce: Family = {
  issuer: "https://login.salesforce.com",
  paths: {
    authorize: "/services/oauth2/authorize",
    token: "/services/oauth2/token",
    revoke: "/services/oauth2/revoke",
  },
  settings: { rotation: "strict", expiresIn: 7200, refreshTokenLifetime: never },
  resources: {
    "/services/data": { body: () => [{ label: "Winter '27", url: "/services/data/v66.0", version: "66.0" }] },
    "/services/oauth2/userinfo": {
      body(person) {
        const { sub: user_id, ...claims } = claimsOf(person);
        return {
          ...{ sub: `https://login.salesforce.com/id/00Dxx/${user_id}`, user_id, organization_id: "00Dxx", ...claims },
          photos: { picture: person.picture, thumbnail: person.picture },
        };
      },
    },
  },
  call: { path: "/services/data", method: "GET" },
  dialects: [
    // Each org has its data at a host of its own.
    answersItself(({ url }) =>
      url.pathname.startsWith("/services/data") && url.origin !== instance
        ? { status: 404, body: [{ errorCode: "NOT_FOUND", message: "The requested resource does not exist" }] }
        : undefined,
    ),
    answersItself(({ form }) =>
      form?.get("grant_type") === "refresh_token" && form.has("scope")
        ? { status: 400, body: { error: "invalid_request", error_description: "scope parameter not supported" } }
        : undefined,
    ),
    refuses(({ asked, error }) => {
      if (error === "invalid_client")
        return { status: 400, body: { error, error_description: "invalid client credentials" } };
      if (error !== "invalid_grant") return undefined;
      const error_description = asked === "refresh" ? "expired access/refresh token" : "expired authorization code";
      return { status: 400, body: { error, error_description } };
    }),
    answersTokens(({ access_token, refresh_token }, { grant, person, scope, now }) => ({
      access_token,
      refresh_token: scope.some((name) => ["refresh_token", "offline_access"].includes(name))
        ? refresh_token
        : dropped(grant),
      signature: "c2lnbmF0dXJl",
      scope: scope.join(" "),
      instance_url: instance,
      id: `https://login.salesforce.com/id/00Dxx/${person.id}`,
      token_type: "Bearer",
      issued_at: String(now),
    })),
    authenticates("none", "basic", "post"),
    takesPkce(),
  ],
  scope: ["openid", "refresh_token"],
  client: "basic",
  clock: "none",
  kept: ["id", "instance_url"],
  describes: (person) => described(person, { emailVerified: true }),
};

function dropped(grant: { refreshToken: string | null }): undefined {
  grant.refreshToken = null;
}
