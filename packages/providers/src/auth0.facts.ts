import type { Facts } from "./shared/facts.ts";

export const facts: Facts = {
  title: "Auth0",
  register:
    "<https://manage.auth0.com>, **Applications**, **Create Application**, *Regular Web Application*; then **Settings**, **Allowed Callback URLs**.",
  redirects: "Those under **Allowed Callback URLs**.",
  client: "post",
  refreshToken: "Add the scope `offline_access`.",
  odd: [
    "The issuer ends with a slash.",
    "Rotation has no grace unless you give it one, and reuse ends the login: with `retryUnknown: false` a lost answer is not asked for again while the access token works.",
  ],
  unverified: [
    "That a Regular Web Application proves itself by its secret in the body.",
    "Rotation, reuse and clocks: an administrator decides.",
    "That a custom domain changes the issuer.",
    "That `audience` among `parameters` decides between a JWT and an opaque access token.",
  ],
  sources: [
    { url: "https://hexdocs.pm/ash_authentication/4.9.6/auth0.html", read: "2026-11-28" },
    { url: "https://auth0.com/docs/fr-ca/get-started/applications/application-settings.md", read: "2026-11-28" },
    { url: "https://auth0.com/docs/secure/tokens/refresh-tokens/configure-refresh-token-rotation", read: "2026-11-28" },
  ],
  scope: ["openid", "offline_access"],
  discover: "https://tenant.eu.auth0.com/",
  given: { refreshTokens: { retryUnknown: false } },
};
