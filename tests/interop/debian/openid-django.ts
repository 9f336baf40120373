import { behindFrontDoor } from "../front-door.ts";
import type { OpenIdServer } from "../openid/describe-openid.ts";
import { debianVersionOf } from "./debian-version.ts";
import { djangoProgram, throughDjango } from "./django-oauth-toolkit.ts";

const clientId = "client-of-the-app";

/** Its metadata stand below a final slash, and do not tell of PKCE. */
export const openIdDjango: OpenIdServer = {
  name: "django-oauth-toolkit",
  version: debianVersionOf("python3-django-oauth-toolkit"),
  algorithm: "RS256",
  hasAccessTokenHash: true,
  absent: {
    refresh: "not answered",
    ...{ iss: "not announced", logout: "not announced", "back-channel": "not announced", PAR: "not announced" },
    ...{ DPoP: "not announced", private_key_jwt: "not announced", form_post: "not announced" },
    resource: {
      says: "class OAuth2Validator(RequestValidator):",
      where: "/usr/lib/python3/dist-packages/oauth2_provider/oauth2_validators.py",
      never: /8707|resource indicator/i,
    },
  },

  async start({ redirectUri }) {
    return behindFrontDoor(djangoProgram(redirectUri), async ({ url }) => ({
      ...{ issuer: `${url}/o`, clientId, userinfo: "/o/userinfo/", person: "1" },
      options: {
        pkce: "known",
        fetch: (input, init) => fetch(String(input).replace(/\/openid-configuration$/, "$&/"), init),
      },
      visit: throughDjango,
    }));
  },
};
