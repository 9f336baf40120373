import { fileURLToPath } from "node:url";
import { baseUrl } from "../app.ts";
import { formOf } from "../form.ts";
import { behindFrontDoor } from "../front-door.ts";
import type { OpenIdServer } from "../openid/describe-openid.ts";
import { debianVersionOf } from "./debian-version.ts";

const clientId = "client-of-the-app";
const script = fileURLToPath(new URL("doorkeeper_server.rb", import.meta.url));

/** A gem for Rails, which leaves the login to its app. Its metadata do not tell of PKCE. */
export const openIdDoorkeeper: OpenIdServer = {
  name: "doorkeeper-openid_connect",
  version: debianVersionOf("ruby-doorkeeper-openid-connect"),
  algorithm: "RS256",
  hasAccessTokenHash: false,
  absent: {
    ...{ iss: "not announced", logout: "not announced", "back-channel": "not announced", PAR: "not announced" },
    ...{ DPoP: "not announced", private_key_jwt: "not announced" },
    resource: {
      says: "The following parts of [OpenID Connect Core 1.0]",
      where: "/usr/share/doc/ruby-doorkeeper-openid-connect/README.md.gz",
      never: /8707|resource.?indicator/i,
    },
  },

  async start({ redirectUri }) {
    const program = {
      name: "doorkeeper",
      command: (port: string, folder: string, url: string) =>
        ["/usr/bin/ruby", script, port, folder, url, clientId, redirectUri] as const,
      ready: /^listening$/m,
    };
    return behindFrontDoor(program, async ({ url }) => ({
      ...{ issuer: url, clientId, userinfo: "/oauth/userinfo", person: "1" },
      options: { pkce: "known" },
      async visit(browser, address) {
        let page = await browser.navigate(address);
        for (let form = formOf(page); form !== null && !page.url.startsWith(baseUrl); form = formOf(page)) {
          page = await browser.submit(
            form.action,
            "user" in form.fields ? { ...form.fields, user: "ada" } : form.fields,
          );
        }
        return page;
      },
    }));
  },
};
