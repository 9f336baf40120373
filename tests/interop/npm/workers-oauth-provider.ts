import { fileURLToPath } from "node:url";
import { discover } from "@pixy/server";
import { type ForeignServer, invalidGrant } from "../foreign-server.ts";
import { behindFrontDoor } from "../front-door.ts";
import { throughConsentPage } from "../servers/consent-page.ts";
import { versionOf } from "../version.ts";

const script = fileURLToPath(new URL("workers-oauth-provider.mjs", import.meta.url));

/** A library for Workers, in workerd. It is no identity provider, and has no ID tokens. */
export const workersOauthProvider: ForeignServer = {
  name: "@cloudflare/workers-oauth-provider",
  version: versionOf("@cloudflare/workers-oauth-provider"),
  absent: {},
  reuse: "answered; the one that replaced it is dead",
  denied: "app",
  misdirected: "server",
  deaths: { revoked: invalidGrant },
  revoked: "400 invalid_grant",

  async start(redirectUri) {
    const client = JSON.stringify({ redirectUris: [redirectUri], tokenEndpointAuthMethod: "none" });
    const program = {
      name: "workers-oauth-provider",
      command: (port: string, _folder: string, url: string) => [process.execPath, script, port, url, client] as const,
      ready: /^listening (.*)$/m,
    };
    return behindFrontDoor(program, async ({ url, requests }, [, text = ""]) => {
      const { clientId } = JSON.parse(text) as { clientId: string };
      const find = (issuer: string) =>
        discover(issuer, {
          allowInsecureLoopback: true,
          provider: { api: url, refreshTokens: { rotation: "rotating", retryUnknown: true } },
        });
      const provider = await find(url);
      return {
        ...{ url, clientId, provider, scope: ["read"], profile: "/api/me", person: "ada" },
        discover: find,
        tokenRequests: () => requests("/token"),
        visit: throughConsentPage,
        deaths: {
          async revoked(logIn) {
            const form = { client_id: clientId, token: await logIn() };
            await fetch(provider.revocationEndpoint ?? "", { method: "POST", body: new URLSearchParams(form) });
          },
        },
      };
    });
  },
};
