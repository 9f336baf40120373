import { privateKeyJwt } from "@pixy/openid";
import type { UserAgent } from "@pixy/testing";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { at } from "../app.ts";
import { cellOf } from "../cell.ts";
import { formOf } from "../form.ts";
import { createMatrix } from "../matrix.ts";
import { expectOnPage } from "../page.ts";
import { versionOf } from "../version.ts";
import { openIdCells } from "./cells.ts";
import { describeOpenId } from "./describe-openid.ts";
import { clientId, type OpenIdInterop, startOidcProvider, throughForms, type Variant } from "./oidc-provider.ts";
import { type Described, openIdReport } from "./report.ts";
import { openIdMockServer } from "./servers/oauth2-mock-server.ts";

const matrix = createMatrix(openIdCells);
const oidcProvider: Described & { readonly version: string } = {
  ...{ name: "oidc-provider", version: versionOf("oidc-provider"), absent: {} },
  ...{ algorithm: "RS256", hasAccessTokenHash: false },
};
const cell = cellOf(oidcProvider, matrix);
const hour = 3_600_000;

let world: OpenIdInterop;
afterEach(() => world?.close());

async function start(variant: Variant): Promise<UserAgent> {
  world = await startOidcProvider(variant);
  return world.browser();
}

const refreshes = () => world.sent.filter(({ form }) => form.get("grant_type") === "refresh_token");

/** It is set up anew for each cell, makes the ID tokens, and judges what we send. */
describe("OpenID Connect with oidc-provider", () => {
  cell("ID token", "a login is who its ID token says", async () => {
    const browser = await start({});
    expect((await world.visit(browser, "/me")).json()).toMatchObject({ sub: "ada" });
    expect((await browser.navigate(at("/"))).body).toBe("Hello ada of oidc-provider");
    expect(world.logins[0]?.claims).toMatchObject({
      ...{ iss: world.url, aud: clientId, sub: "ada", email: "ada@tenant.example", email_verified: true },
      ...{ nonce: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(world.logins[0]?.claims).not.toHaveProperty("at_hash");
    const [idToken] = world.sent.flatMap(({ answer }) => answer.id_token ?? []);
    expect(decodeProtectedHeader(String(idToken)).alg).toBe(oidcProvider.algorithm);
  });

  cell("refresh", "three refreshes, each with another refresh token and an ID token of the same person", async () => {
    const browser = await start({});
    await world.visit(browser, "/me");
    for (const round of [1, 2, 3]) {
      world.clock.advance(hour);
      expect((await browser.call(at("/me"))).json()).toMatchObject({ sub: "ada" });
      expect(refreshes().map(({ status }) => status)).toEqual(Array(round).fill(200));
    }
    expect(refreshes().map(({ answer }) => decodeJwt(String(answer.id_token)).sub)).toEqual(["ada", "ada", "ada"]);
    expect(world.sent.filter(({ path }) => path === "/jwks").length).toBeGreaterThan(1);
  });

  cell("iss", "a callback without it, or with another's, is refused before the code is spent", async () => {
    const browser = await start({});
    await world.visit(browser, "/auth/login?returnTo=/");
    const callback = browser.hops.find(({ url }) => url.startsWith(at("/auth/callback")));
    expect(new URL(callback?.url ?? "").searchParams.get("iss")).toBe(world.url);
    const exchanges = world.sent.length;
    for (const iss of [null, "https://evil.example"]) {
      const other = new URL(
        (await browser.navigate(at("/auth/login"), { follow: false })).headers.get("location") ?? "",
      );
      const bad = new URL(at("/auth/callback"));
      bad.search = new URLSearchParams({ code: "c", state: other.searchParams.get("state") ?? "" }).toString();
      if (iss !== null) bad.searchParams.set("iss", iss);
      expect((await browser.navigate(bad)).status).toBe(400);
    }
    expect(world.sent).toHaveLength(exchanges);
  });

  cell("logout", "the person has to log in there again, and is led back", async () => {
    const browser = await start({ options: { logout: true } });
    await world.visit(browser, "/auth/login?returnTo=/");
    const page = await browser.submit(at("/auth/logout"), {});
    expect(new URL(page.url).pathname).toBe("/session/end");
    const back = await throughForms(browser, page, "ada");
    expect([back.url, back.body]).toEqual([at("/goodbye"), "Goodbye"]);
    expect((await browser.navigate(at("/"))).body).toBe("Hello nobody");
    const again = await browser.navigate(at("/auth/login?returnTo=/"));
    expect(again.url).toContain("/interaction/");
    expect((await throughForms(browser, again, "grace")).body).toBe("Hello grace of oidc-provider");
  });

  cell("back-channel", "an end at the provider ends the sessions of that login at the app, and no others", async () => {
    const browser = await start({
      configuration: { features: { backchannelLogout: { enabled: true } } },
      client: {
        backchannel_logout_uri: at("/auth/provider/back-channel-logout"),
        backchannel_logout_session_required: true,
      },
      options: { backChannelLogout: true },
    });
    const phone = world.browser();
    await world.visit(browser, "/auth/login?returnTo=/");
    await world.visit(phone, "/auth/login?returnTo=/");
    expect(world.logins[0]?.claims?.sid).toEqual(expect.any(String));
    const end = await browser.navigate(`${world.url}/session/end`);
    await throughForms(browser, end, "ada");
    await expect.poll(async () => (await browser.navigate(at("/"))).body).toBe("Hello nobody");
    expect((await phone.navigate(at("/"))).body).toBe("Hello ada of oidc-provider");
    expect(world.events.filter(({ type }) => type === "session.ended")).toMatchObject([{ reason: "provider" }]);
  });

  cell("PAR", "required by the server: the browser carries a reference", async () => {
    const browser = await start({
      configuration: {
        features: { pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } },
      },
    });
    expect((await world.visit(browser, "/me")).json()).toMatchObject({ sub: "ada" });
    expect(world.sent.find(({ path }) => path === "/request")?.status).toBe(201);
    const asked = browser.hops.find(({ url }) => url.startsWith(`${world.url}/auth?`));
    expect([...new URL(asked?.url ?? "").searchParams.keys()]).toEqual(["client_id", "request_uri"]);
  });

  cell("private_key_jwt", "each token request, revocation and pushed login is signed by the app's key", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const named = { alg: "ES256", kid: "of the app" };
    const browser = await start({
      client: {
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        jwks: { keys: [{ ...(await exportJWK(publicKey)), ...named } as never] },
      },
      options: { pushedLogin: true },
      clientAuthentication: privateKeyJwt({ ...(await exportJWK(privateKey)), ...named }),
    });
    expect((await world.visit(browser, "/me")).json()).toMatchObject({ sub: "ada" });
    world.clock.advance(hour);
    expect((await browser.call(at("/me"))).status).toBe(200);
    await browser.navigate(at("/"));
    await browser.submit(at("/auth/logout"), {}, { follow: false });
    await expect.poll(() => world.sent.find(({ path }) => path === "/token/revocation")?.status).toBe(200);
    const assertions = world.sent.flatMap(({ form }) => form.get("client_assertion") ?? []);
    expect([assertions.length, new Set(assertions).size]).toEqual([4, 4]);
    expect(world.sent.filter(({ status }) => status >= 400)).toEqual([]);
  });

  cell("DPoP", "with a nonce: code, refresh and API requests are proved by the login's own key", async () => {
    const browser = await start({
      configuration: {
        features: {
          dPoP: {
            enabled: true,
            nonceSecret: Buffer.alloc(32, 7),
            requireNonce: () => true,
            allowReplay: false,
          },
        },
      },
      client: { dpop_bound_access_tokens: true },
      options: { dpop: true },
    });
    expect((await world.visit(browser, "/me")).json()).toMatchObject({ sub: "ada" });
    for (const round of [1, 2]) {
      world.clock.advance(hour);
      expect((await browser.call(at("/me"))).json(), String(round)).toMatchObject({ sub: "ada" });
    }
    const proofs = world.sent.flatMap(({ headers }) => headers.get("dpop") ?? []);
    expect(new Set(proofs).size).toBe(proofs.length);
    const keys = new Set(proofs.map((proof) => JSON.stringify(decodeProtectedHeader(proof).jwk)));
    expect(keys.size).toBe(1);
    expect([...keys][0]).not.toContain('"d"');
    // The first request to the server lacks the nonce, and is sent once more with it.
    expect(world.sent.filter(({ status }) => status >= 400)).toHaveLength(1);
    expect(decodeJwt(proofs.at(-1) ?? "")).toMatchObject({
      htm: "GET",
      htu: `${world.url}/me`,
      ath: expect.any(String),
    });
    const phone = world.browser();
    await world.visit(phone, "/auth/login?returnTo=/", "grace");
    const last = decodeProtectedHeader(world.sent.flatMap(({ headers }) => headers.get("dpop") ?? []).at(-1) ?? "");
    expect(keys.has(JSON.stringify(last.jwk))).toBe(false);
  });

  cell("resource", "an access token for the API that was named, also after a refresh", async () => {
    const api = "https://api.example";
    const browser = await start({
      configuration: {
        features: {
          resourceIndicators: {
            enabled: true,
            getResourceServerInfo: (_context, resource) => ({
              ...{ scope: "read", audience: resource, accessTokenFormat: "jwt", accessTokenTTL: 3600 },
            }),
            useGrantedResource: () => true,
          },
        },
      },
      options: { provider: { api: "http://127.0.0.1:9", parameters: { authorization: { resource: api } } } },
      scope: ["read"],
      profile: false,
    });
    await world.visit(browser, "/auth/login?returnTo=/");
    for (const round of [1, 2]) {
      const token = (await browser.call(at("/token"))).body;
      expect(decodeJwt(token), String(round)).toMatchObject({ aud: api, scope: "read", sub: "ada" });
      world.clock.advance(hour);
    }
    expect(refreshes()).toHaveLength(1);
  });

  cell("form_post", "its page posts the answer, ours posts it again, and then the code is sent", async () => {
    const browser = await start({ options: { provider: { responseMode: "form_post" } } });
    const ours = await world.visit(browser, "/auth/login?returnTo=/");
    // Another port of the same site: a browser sends the cookies along, and nothing reads them.
    expect([ours.method, ours.status, ours.setCookies]).toEqual(["POST", 200, []]);
    expect(ours.requestHeaders["sec-fetch-site"]).toBe("same-site");
    expect(world.sent.filter(({ path }) => path === "/token")).toEqual([]);
    const form = formOf(ours);
    // Into each form of the server's the test fills in what its login page asks for.
    const filled = { login: "ada", password: "any", logout: "yes" };
    expect(Object.keys(form?.fields ?? {})).toEqual(["code", "state", "iss", ...Object.keys(filled)]);
    expect((await browser.submit(form?.action ?? "", form?.fields)).body).toBe("Hello ada of oidc-provider");
    expect(world.logins.map(({ posted }) => posted)).toEqual([filled]);
  });

  cell("form_post", "an error comes the same way, and is shown", async () => {
    const authorization = { prompt: "none" };
    const browser = await start({
      options: { provider: { responseMode: "form_post", parameters: { authorization } } },
    });
    const ours = await browser.navigate(at("/auth/login?returnTo=/"));
    const posted = await browser.submit(formOf(ours)?.action ?? "", formOf(ours)?.fields);
    const form = formOf(posted);
    expect(form?.fields).toMatchObject({ error: "login_required" });
    const page = await browser.submit(form?.action ?? "", form?.fields);
    expect(new URL(page.url).searchParams.get("auth_error")).toBe("login_required");
    expect(page.body).toBe("Hello nobody");
  });

  cell("userinfo", "the endpoint says what the ID token does not", async () => {
    const browser = await start({ configuration: { conformIdTokenClaims: true }, options: { userinfo: true } });
    expect((await world.visit(browser, "/auth/login?returnTo=/")).body).toBe("Hello ada of oidc-provider");
    expect(world.logins[0]?.claims).not.toHaveProperty("name");
  });
});

describeOpenId(openIdMockServer, matrix);

it("is what tests/interop/README.md says (written with UPDATE=1)", () => {
  console.log(matrix.table());
  expectOnPage("openid", openIdReport(matrix, [oidcProvider, openIdMockServer]));
});
