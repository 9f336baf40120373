import { DatabaseSync } from "node:sqlite";
import { discover } from "@pixy/server";
import { createUserAgent } from "@pixy/testing";
import type { Death, ForeignServer } from "../foreign-server.ts";
import { behindFrontDoor } from "../front-door.ts";
import { debianVersionOf } from "./debian-version.ts";
import { glewlwydApi, glewlwydProgram, plugin } from "./glewlwyd-setup.ts";

const clientId = "client-of-the-app";
const secret = "a-secret-of-the-app";

const refused: Death = { answer: "400 without a body", meaning: "refused but kept" };

/** A server in C. It says nothing of a dead refresh token but 400, and has no way to say no. */
export const glewlwyd: ForeignServer = {
  name: "glewlwyd",
  version: debianVersionOf("glewlwyd"),
  absent: {},
  reuse: { ...refused, endsGrant: true },
  denied: "server",
  misdirected: "server",
  deaths: { revoked: refused, expired: refused },
  revoked: "400 without a body",

  async start(redirectUri) {
    const { program, tables } = glewlwydProgram();
    return behindFrontDoor(program, async ({ url, requests }) => {
      const { api, logInAs } = glewlwydApi(url);
      const admin = createUserAgent();
      await logInAs(admin, "admin");
      await api(admin, "POST", "mod/plugin/", plugin(`${url}/api/oidc`));
      await api(admin, "POST", "scope/", { name: "profile", password_required: true, password_max_age: 0, scheme: {} });
      await api(admin, "POST", "user/", { username: "ada", password: "password", scope: ["profile", "g_profile"] });
      await api(admin, "POST", "client/", {
        ...{ client_id: clientId, client_secret: secret, token_endpoint_auth_method: ["client_secret_basic"] },
        ...{ confidential: true, enabled: true, scope: [] },
        ...{ redirect_uri: [redirectUri], authorization_type: ["code", "refresh_token", "client_credentials"] },
      });

      const find = (issuer: string) =>
        discover(issuer, {
          openid: true,
          allowInsecureLoopback: true,
          provider: { api: `${url}/api/oidc/`, refreshTokens: { rotation: "rotating", retryUnknown: false } },
        });
      return {
        ...{ url, clientId, secret, scope: ["profile"], profile: "userinfo", person: /^\w{32}$/ },
        provider: await find(`${url}/api/oidc`),
        discover: find,
        tokenRequests: () => requests("/api/oidc/token"),
        // What the script of its login page does.
        async visit(browser, address, decision) {
          const page = await browser.navigate(address);
          const asked = new URL(page.url).searchParams.get("callback_url");
          if (asked === null) return page;
          await logInAs(browser, "ada");
          await api(browser, "PUT", `auth/grant/${clientId}`, { scope: decision === "allow" ? "profile" : "" });
          return browser.navigate(`${asked}&g_continue`, { from: "link" });
        },
        deaths: {
          async revoked(logIn) {
            await logIn();
            const owner = createUserAgent();
            await logInAs(owner, "ada");
            const tokens = JSON.parse(await api(owner, "GET", "oidc/token")) as {
              token_hash: string;
              enabled: boolean;
            }[];
            for (const { token_hash: hash, enabled } of tokens) {
              if (enabled) await api(owner, "DELETE", `oidc/token/${encodeURIComponent(hash)}`);
            }
          },
          async expired(logIn) {
            await logIn();
            const db = new DatabaseSync(tables());
            db.exec("UPDATE gpo_refresh_token SET gpor_expires_at = 1");
            db.close();
          },
        },
      };
    });
  },
};
