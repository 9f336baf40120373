import { type Provider, presetProvider } from "@pixy/core";

/** Facebook. It gives no refresh token: after hours the person logs in again. A revocation ends all that was allowed. */
export const facebook: Provider = /* @__PURE__ */ presetProvider({
  name: "facebook",
  issuer: "https://www.facebook.com",
  authorizationEndpoint: "https://www.facebook.com/v24.0/dialog/oauth",
  tokenEndpoint: "https://graph.facebook.com/v24.0/oauth/access_token",
  revocationEndpoint: "https://graph.facebook.com/v24.0/me/permissions",
  revocation: { by: "bearer", method: "DELETE", token: "access_token" },
  api: "https://graph.facebook.com",
  refreshTokens: { rotation: "reusable" },
  answer: {
    // `error` is an object.
    error({ members, request }) {
      const { code, is_transient } = (members.error ?? {}) as { code?: unknown; is_transient?: unknown };
      if (is_transient === true || code === 1 || code === 2) return "unavailable";
      return code === 190 || (code === 100 && request === "code") ? "ended" : undefined;
    },
  },
  profile: {
    url: "https://graph.facebook.com/v24.0/me?fields=id,name,email,picture",
    scopes: ["public_profile", "email"],
    ...{ id: "id", name: "name", email: "email", picture: ["picture", "data", "url"] },
  },
});
