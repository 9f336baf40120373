import { fileURLToPath } from "node:url";
import { defineProvider, discover } from "@pixy/server";
import { createUserAgent, type Page, type UserAgent } from "@pixy/testing";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { formOf } from "../form.ts";
import { behindFrontDoor, type Program } from "../front-door.ts";
import { debianVersionOf } from "./debian-version.ts";

const clientId = "client-of-the-app";
const script = fileURLToPath(new URL("django_server.py", import.meta.url));

export function djangoProgram(redirectUri: string): Program {
  return {
    name: "django",
    command: (port, folder) => ["/usr/bin/python3", script, port, folder, clientId, redirectUri],
    ready: /^listening$/m,
  };
}

/** Opens the URL, logs in as Ada, and says what she thinks of the app. */
export async function throughDjango(
  browser: UserAgent,
  address: string,
  decision: "allow" | "deny" = "allow",
): Promise<Page> {
  let page = await browser.navigate(address);
  for (let form = formOf(page); form !== null; form = formOf(page)) {
    const consent = decision === "allow" ? { allow: "Authorize" } : {};
    const answer = "client_id" in form.fields ? consent : { username: "ada", password: "password" };
    page = await browser.submit(form.action, { ...form.fields, ...answer });
  }
  return page;
}

/** Django's login page, the toolkit's consent page, rotation without a grace, metadata below a slash. */
export const djangoOauthToolkit: ForeignServer = {
  name: "django-oauth-toolkit",
  version: debianVersionOf("python3-django-oauth-toolkit"),
  absent: {
    // OpenID Connect Discovery has no slash at the end, and the answer without it is 301.
    discovery: {
      says: String.raw`r"^\.well-known/openid-configuration/$"`,
      where: "/usr/lib/python3/dist-packages/oauth2_provider/urls.py",
      never: /openid-configuration(\$|\/\?)/,
    },
  },
  reuse: { ...invalidGrant, endsGrant: false },
  denied: "app",
  misdirected: "server",
  deaths: { revoked: invalidGrant, "removed by the person": { answer: "500 without an error", meaning: "outage" } },
  revoked: "400 invalid_grant",

  async start(redirectUri) {
    return behindFrontDoor(djangoProgram(redirectUri), async ({ url, requests }) => {
      const known = {
        ...{ api: url, revocationEndpoint: `${url}/o/revoke_token/` },
        refreshTokens: { rotation: "rotating", retryUnknown: false },
      } as const;
      const options = { openid: true, pkce: "known", allowInsecureLoopback: true, provider: known } as const;
      return {
        ...{ url, clientId, scope: ["openid"], profile: "/o/userinfo/", person: "1" },
        provider: defineProvider({
          ...{ ...known, name: "django", issuer: `${url}/o`, allowInsecureLoopback: true },
          authorizationEndpoint: `${url}/o/authorize/`,
          tokenEndpoint: `${url}/o/token/`,
        }),
        discover: (issuer) => discover(issuer, options),
        tokenRequests: () => requests("/o/token/"),
        visit: throughDjango,
        deaths: {
          async revoked(logIn) {
            const form = { client_id: clientId, token: await logIn() };
            await fetch(`${url}/o/revoke_token/`, { method: "POST", body: new URLSearchParams(form) });
          },
          async "removed by the person"(logIn) {
            await logIn();
            const owner = createUserAgent();
            for (;;) {
              const list = await throughDjango(owner, `${url}/o/authorized_tokens/`, "allow");
              const [, path] = /href="([^"]+\/delete\/)"/.exec(list.body) ?? [];
              if (path === undefined) break;
              await throughDjango(owner, `${url}${path}`, "allow");
            }
          },
        },
      };
    });
  },
};
