import { type AnswerRule, type Provider, presetProvider } from "@pixy/core";

// Every answer has status 200, and says in `ok` whether it is one.
const error: AnswerRule = ({ members: { ok, error } }) => {
  if (ok !== false) return undefined;
  const is = (codes: RegExp) => codes.test(error as string);
  if (is(/^(invalid_(refresh_token|grant|code|auth)|token_(expired|revoked)|code_already_used)$/)) return "ended";
  if (is(/^(ratelimited|(internal|fatal)_error|service_unavailable|request_timeout)$/)) return "unavailable";
  return is(/^(bad_client_secret|invalid_client_id)$/) ? "misconfigured" : "refused";
};

/** Slack's user tokens, for an app with token rotation; a revocation ends the access token. */
export const slack: Provider = /* @__PURE__ */ presetProvider({
  name: "slack",
  issuer: "https://slack.com",
  authorizationEndpoint: "https://slack.com/oauth/v2/authorize",
  tokenEndpoint: "https://slack.com/api/oauth.v2.access",
  revocationEndpoint: "https://slack.com/api/auth.revoke",
  revocation: { by: "bearer", token: "access_token" },
  api: "https://slack.com",
  scope: { separator: ",", parameter: "user_scope" },
  refreshTokens: { rotation: "rotating" },
  // A bot's token stands at the top of a first answer, and is not the person's.
  tokenTypes: ["user"],
  keep: ["team"],
  answer: {
    tokens: (members, request) => ((request === "code" && members.authed_user) || members) as typeof members,
    error,
  },
  profile: {
    url: "https://slack.com/api/users.identity",
    scopes: ["identity.basic", "identity.email", "identity.avatar"],
    ...{ id: ["user", "id"], name: ["user", "name"], email: ["user", "email"], picture: ["user", "image_192"] },
  },
});
