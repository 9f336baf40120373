import { fileURLToPath } from "node:url";
import { baseUrl } from "../app.ts";
import { formOf } from "../form.ts";
import { behindFrontDoor } from "../front-door.ts";
import type { OpenIdServer, RunningOpenIdServer } from "../openid/describe-openid.ts";
import { versionOf } from "../version.ts";

const script = fileURLToPath(new URL("better-auth.mjs", import.meta.url));
const resource = "https://api.example";

/** A framework with a plugin for the provider, and a login page that the app has to bring: it is gone through by its API. */
export const betterAuth: OpenIdServer = {
  name: "@better-auth/oauth-provider",
  version: versionOf("@better-auth/oauth-provider"),
  algorithm: "EdDSA",
  hasAccessTokenHash: true,
  absent: { PAR: "not announced", form_post: "not announced" },

  async start({ redirectUri, afterLogout, backChannelLogout, publicKey }) {
    const registration = JSON.stringify({ redirectUri, afterLogout, backChannelLogout, publicKey, resource });
    const program = {
      name: "better-auth",
      command: (port: string, _folder: string, url: string) =>
        [process.execPath, script, port, url, registration] as const,
      ready: /^listening (.*)$/m,
    };
    return behindFrontDoor(program, async ({ url }, [, text = ""]) => {
      const { clientId, secret, signingClientId } = JSON.parse(text) as Record<
        "clientId" | "secret" | "signingClientId",
        string
      >;
      const visit: RunningOpenIdServer["visit"] = async (browser, address) => {
        let page = await browser.navigate(address);
        while (!page.url.startsWith(baseUrl)) {
          const asked = new URL(page.url);
          const form = formOf(page);
          if (form !== null) page = await browser.submit(form.action, form.fields);
          else if (asked.pathname !== "/sign-in") return page;
          else {
            const answer = await browser.call(`${url}/api/auth/sign-in/email`, {
              method: "POST",
              headers: { "content-type": "application/json", origin: url },
              body: JSON.stringify({
                ...{ email: "ada@tenant.example", password: "a password" },
                oauth_query: asked.search.slice(1),
              }),
            });
            const { url: next } = answer.json() as { url?: string };
            if (next === undefined) throw new Error(`The login was answered with ${answer.status}: ${answer.body}`);
            page = await browser.navigate(next, { from: "link" });
          }
        }
        return page;
      };
      return {
        ...{ issuer: `${url}/api/auth`, clientId, secret, resource, visit },
        signing: { clientId: signingClientId, audience: "endpoint" },
        ...{ scope: ["offline_access"], userinfo: "/api/auth/oauth2/userinfo", person: /^\w{32}$/ },
        async asks(browser, address) {
          return (await browser.navigate(address)).url.includes("/sign-in");
        },
        async endLogin(browser) {
          // From a page of its own: elsewhere a browser keeps the cookies back.
          await browser.navigate(`${url}/sign-in`);
          const headers = { "content-type": "application/json", origin: url };
          await browser.call(`${url}/api/auth/sign-out`, { method: "POST", headers, body: "{}" });
        },
      };
    });
  },
};
