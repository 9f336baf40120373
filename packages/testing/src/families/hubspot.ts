import { answersTokens, refuses } from "../dialects/answers.ts";
import { answersItself } from "../dialects/api.ts";
import { ignoresPkce } from "../dialects/challenge.ts";
import { authenticates } from "../dialects/client.ts";
import { type Family, never } from "./family.ts";

/** A dead refresh token is a `status`, beside an `error` that means something else elsewhere; paths have dates. */
export const hubspot: Family = {
  issuer: "https://app.hubspot.com",
  paths: { authorize: "/oauth/authorize", token: "/oauth/v3/token", revoke: "/oauth/v3/token/revoke" },
  kindOf(path) {
    if (/^\/oauth\/(v1|v3|\d{4}-\d{2})\/token$/.test(path)) return "token";
    return /^\/oauth\/(v3|\d{4}-\d{2})\/token\/revoke$/.test(path) ? "revoke" : undefined;
  },
  settings: { rotation: "omit", expiresIn: 1800, refreshTokenLifetime: never },
  resources: {
    "/account-info/v3/details": { scope: "oauth", body: () => ({ portalId: 62_515, accountType: "STANDARD" }) },
  },
  dialects: [
    answersItself(({ url }, { grants }) => {
      const token = /^\/oauth\/v1\/access-tokens\/(.+)$/.exec(url.pathname)?.[1];
      if (token === undefined) return undefined;
      const found = grants.findAccessToken(decodeURIComponent(token));
      const person = found?.grant.person;
      if (!found || !person || found.revoked || found.grant.revoked) {
        return {
          status: 404,
          body: { status: "error", message: "access token not found", category: "OBJECT_NOT_FOUND" },
        };
      }
      const { email: user, number: user_id } = person;
      return { status: 200, body: { token, user, user_id, hub_id: 62_515, scopes: found.scope, token_type: "access" } };
    }),
    refuses(({ asked, error, form }) => {
      const words = (status: string, message: string) => ({
        status: 400,
        body: { status, message, error: "invalid_request", error_description: message },
      });
      if (error === "invalid_client") return words("BAD_CLIENT_SECRET", "missing or invalid client secret");
      if (error !== "invalid_grant") return undefined;
      return asked === "refresh"
        ? words("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        : words("BAD_AUTH_CODE", `missing or unknown auth code ${form.get("code")}`);
    }),
    answersTokens(({ access_token, expires_in }, { grant, scope }) => ({
      ...{ token_type: "bearer", refresh_token: grant.refreshToken, access_token, expires_in, hub_id: 62_515 },
      scopes: scope,
    })),
    authenticates("post"),
    ignoresPkce(),
  ],
  scope: ["oauth"],
  client: "post",
  clock: "none",
  kept: ["hub_id"],
  describes: null,
};
