import { type Provider, presetProvider, type TokenRequestOutcome } from "@pixy/core";

const outcomes: Readonly<Record<string, TokenRequestOutcome>> = {
  ...{ BAD_REFRESH_TOKEN: "ended", BAD_AUTH_CODE: "ended" },
  ...{ BAD_CLIENT_ID: "misconfigured", BAD_CLIENT_SECRET: "misconfigured" },
};

/** HubSpot, at its third version of OAuth: the first ends on 2027-02-16. */
export const hubspot: Provider = /* @__PURE__ */ presetProvider({
  name: "hubspot",
  issuer: "https://app.hubspot.com",
  authorizationEndpoint: "https://app.hubspot.com/oauth/authorize",
  tokenEndpoint: "https://api.hubapi.com/oauth/v3/token",
  revocationEndpoint: "https://api.hubapi.com/oauth/v3/token/revoke",
  api: "https://api.hubapi.com",
  pkce: "unsupportedByProvider",
  refreshTokens: { rotation: "reusable" },
  keep: ["hub_id"],
  answer: { error: ({ members: { status } }) => outcomes[String(status)] },
});
