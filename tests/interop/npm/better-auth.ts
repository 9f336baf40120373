import { discover } from "@pixy/server";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { behindFrontDoor } from "../front-door.ts";
import type { OpenIdServer } from "../openid/describe-openid.ts";
import { versionOf } from "../version.ts";
import { betterAuthProgram, type Clients, throughBetterAuth } from "./better-auth-program.ts";

const name = "@better-auth/oauth-provider";
const version = versionOf(name);
const resource = "https://api.example";

/** The same, for the questions that need no OpenID Connect. */
export const betterAuthOauth: ForeignServer = {
  ...{ name, version, absent: {} },
  reuse: { ...invalidGrant, endsGrant: true },
  denied: "app",
  misdirected: "server",
  deaths: { revoked: invalidGrant },
  revoked: "400 invalid_grant",

  async start(redirectUri) {
    const program = betterAuthProgram({ redirectUri, backChannelLogout: redirectUri, resource });
    return behindFrontDoor(program, async ({ url, requests }, [, text = ""]) => {
      const { askingClientId: clientId, askingSecret: secret } = JSON.parse(text) as Clients;
      const known = {
        api: url,
        refreshTokens: { rotation: "rotating", retryUnknown: false },
        // It remembers a yes.
        parameters: { authorization: { prompt: "consent" } },
      } as const;
      const find = (issuer: string) => discover(issuer, { openid: true, allowInsecureLoopback: true, provider: known });
      const provider = await find(`${url}/api/auth`);
      return {
        ...{ url, provider, clientId, secret, scope: ["openid", "offline_access"], person: /^\w{32}$/ },
        ...{ discover: find, visit: throughBetterAuth, profile: "/api/auth/oauth2/userinfo" },
        tokenRequests: () => requests("/api/auth/oauth2/token"),
        deaths: {
          async revoked(logIn) {
            await fetch(provider.revocationEndpoint ?? "", {
              method: "POST",
              headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
              body: new URLSearchParams({ token: await logIn(), token_type_hint: "refresh_token" }),
            });
          },
        },
      };
    });
  },
};

/** A framework with a plugin for the provider, and a login page that the app has to bring: it is gone through by its API. */
export const betterAuth: OpenIdServer = {
  ...{ name, version },
  algorithm: "EdDSA",
  hasAccessTokenHash: true,
  absent: { PAR: "not announced", form_post: "not announced" },

  async start({ redirectUri, afterLogout, backChannelLogout, publicKey }) {
    const program = betterAuthProgram({ redirectUri, afterLogout, backChannelLogout, publicKey, resource });
    return behindFrontDoor(program, async ({ url }, [, text = ""]) => {
      const { clientId, secret, signingClientId } = JSON.parse(text) as Clients;
      return {
        ...{ issuer: `${url}/api/auth`, clientId, secret, resource, visit: throughBetterAuth },
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
