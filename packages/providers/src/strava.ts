import { type AnswerRule, type Provider, presetProvider } from "@pixy/core";

/**
 * The scopes of Strava, as read on 2026-11-28 in [its list](https://developers.strava.com/docs/oauth-updates) and, where
 * the copy broke off, in [a quotation](https://rdrr.io/github/longwei66/mountainbikeR/man/mountainbiker_initializer.html).
 */
export type StravaScope =
  | "read"
  | "read_all"
  | "profile:read_all"
  | "profile:write"
  | "activity:read"
  | "activity:read_all"
  | "activity:write";

// Refusals are a list of what was wrong with which part of the request.
const error: AnswerRule = ({ request, members: { errors } }) => {
  const [first] = Array.isArray(errors) ? (errors as { readonly resource?: unknown }[]) : [];
  if (first?.resource === "Application") return "misconfigured";
  if (request === "revoke") return first ? "ended" : undefined;
  return first?.resource === (request === "code" ? "AuthorizationCode" : "RefreshToken") ? "ended" : undefined;
};

/** Strava. People may untick scopes at a login. A revocation ends all tokens of the person. */
export const strava: Provider = /* @__PURE__ */ presetProvider({
  name: "strava",
  issuer: "https://www.strava.com",
  authorizationEndpoint: "https://www.strava.com/oauth/authorize",
  tokenEndpoint: "https://www.strava.com/api/v3/oauth/token",
  revocationEndpoint: "https://www.strava.com/oauth/deauthorize",
  revocation: { by: "form", field: "access_token", token: "access_token" },
  api: "https://www.strava.com",
  pkce: "unsupportedByProvider",
  scope: { separator: "," },
  answer: { error },
  profile: {
    url: "https://www.strava.com/api/v3/athlete",
    scopes: ["read"] satisfies StravaScope[],
    id: "id",
    name: ({ firstname, lastname }) => [firstname, lastname].filter(Boolean).join(" "),
    picture: "profile",
  },
});
