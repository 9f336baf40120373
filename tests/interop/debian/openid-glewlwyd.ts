import { createUserAgent } from "@pixy/testing";
import { baseUrl } from "../app.ts";
import { formOf } from "../form.ts";
import { behindFrontDoor } from "../front-door.ts";
import type { OpenIdServer, RunningOpenIdServer } from "../openid/describe-openid.ts";
import { debianVersionOf } from "./debian-version.ts";
import { glewlwydApi, glewlwydProgram, plugin } from "./glewlwyd-setup.ts";

const clientId = "client-of-the-app";
const signingClientId = "client-that-signs";
const secret = "a-secret-of-the-app";
const resource = "https://api.example";
const scopes = ["openid", "profile", "email"];

/** What its plugin has is on, but for `iss`: its metadata do not announce that, and its page of `form_post` encodes it wrongly. */
const more = {
  ...{ "session-cookie-name": "GLEWLWYD2_OIDC_SESSION", "session-cookie-expiration": 86_400 },
  ...{ "session-management-allowed": true, "back-channel-logout-allowed": true },
  ...{ "oauth-par-allowed": true, "oauth-par-duration": 90, "oauth-par-required": false },
  "oauth-par-request_uri-prefix": "urn:ietf:params:oauth:request_uri:",
  ...{ "oauth-dpop-allowed": true, "oauth-dpop-iat-duration": 60, "oauth-dpop-nonce-counter": 100 },
  ...{ "resource-allowed": true, "resource-scope": { openid: [resource] }, "resource-client-property": "resource" },
  ...{ "resource-scope-and-client-property": false, "request-parameter-allow": true },
  ...{ "client-jwks-parameter": "jwks", "request-maximum-exp": 3600 },
};

/** A server in C with pages of a script's, which are gone through by its API. */
export const openIdGlewlwyd: OpenIdServer = {
  name: "glewlwyd",
  version: debianVersionOf("glewlwyd"),
  algorithm: "RS256",
  hasAccessTokenHash: true,
  absent: {
    ...{ refresh: "not answered", iss: "not announced" },
    // Of drafts: their logout token has no `exp`, which we want as the final specification does.
    "back-channel": {
      says: "OpenID Connect Back-Channel Logout 1.0 - Draft 06",
      where: "/usr/share/doc/glewlwyd/OIDC.md.gz",
      never: /Back-Channel Logout 1\.0(?! - Draft)/,
    },
  },

  async start({ redirectUri, afterLogout, backChannelLogout, publicKey }) {
    const { program } = glewlwydProgram();
    return behindFrontDoor(program, async ({ url }) => {
      const { api, logInAs } = glewlwydApi(url);
      const admin = createUserAgent();
      await logInAs(admin, "admin");
      await api(admin, "POST", "mod/plugin/", plugin(`${url}/api/oidc`, more));
      for (const name of ["profile", "email"]) {
        await api(admin, "POST", "scope/", { name, password_required: true, password_max_age: 0, scheme: {} });
      }
      const person = { username: "ada", password: "password", name: "Ada", email: "ada@tenant.example" };
      await api(admin, "POST", "user/", { ...person, scope: [...scopes, "g_profile"] });
      const client = {
        ...{ confidential: true, enabled: true, scope: [], redirect_uri: [redirectUri] },
        ...{ authorization_type: ["code", "refresh_token", "client_credentials"] },
        ...{ post_logout_redirect_uris: [afterLogout], backchannel_logout_uri: backChannelLogout },
        ...{ backchannel_logout_session_required: "true", resource: [resource] },
      };
      await api(admin, "POST", "client/", {
        ...{ ...client, client_id: clientId, client_secret: secret },
        token_endpoint_auth_method: ["client_secret_basic"],
      });
      await api(admin, "POST", "client/", {
        ...{ ...client, client_id: signingClientId, jwks: { keys: [publicKey] } },
        token_endpoint_auth_method: ["private_key_jwt"],
      });

      // What the scripts of its pages do.
      const visit: RunningOpenIdServer["visit"] = async (browser, address) => {
        const page = await browser.navigate(address);
        const asked = new URL(page.url).searchParams;
        const to = asked.get("callback_url");
        if (to === null || page.url.startsWith(baseUrl)) return page;
        if (asked.get("prompt") === "end_session") {
          await api(browser, "DELETE", `oidc/session/${encodeURIComponent(asked.get("sid") ?? "")}`);
          await api(browser, "DELETE", "auth/");
          return browser.navigate(to, { from: "link" });
        }
        await logInAs(browser, "ada");
        await api(browser, "PUT", `auth/grant/${asked.get("client_id")}`, { scope: scopes.join(" ") });
        const answer = await browser.navigate(`${to}&g_continue`, { from: "link" });
        const form = answer.url.startsWith(baseUrl) ? null : formOf(answer);
        return form === null ? answer : browser.submit(form.action, form.fields);
      };
      return {
        ...{
          issuer: `${url}/api/oidc`,
          clientId,
          signing: { clientId: signingClientId, audience: "endpoint" },
          secret,
          resource,
          visit,
        },
        ...{ userinfo: "/api/oidc/userinfo", person: /^\w{32}$/ },
        async asks(browser, address) {
          return (await browser.navigate(address)).url.includes("/login.html");
        },
        async endLogin(browser, idToken) {
          const end = new URL(`${url}/api/oidc/end_session`);
          end.searchParams.set("id_token_hint", idToken);
          const { searchParams } = new URL((await browser.navigate(end)).url);
          await api(browser, "DELETE", `oidc/session/${encodeURIComponent(searchParams.get("sid") ?? "")}`);
        },
      };
    });
  },
};
