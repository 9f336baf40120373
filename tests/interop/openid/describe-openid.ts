import { getRequestListener } from "@hono/node-server";
import { type OpenIdOptions, privateKeyJwt } from "@pixy/openid";
import { secretBasic } from "@pixy/server";
import type { Page, UserAgent } from "@pixy/testing";
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, baseUrl, redirectUri } from "../app.ts";
import { cellOf, expectAbsent } from "../cell.ts";
import { formOf } from "../form.ts";
import { type Loopback, serveOnLoopback } from "../loopback.ts";
import type { Matrix } from "../matrix.ts";
import { createOpenIdApp, type OpenIdApp, type OpenIdAppOptions } from "./app.ts";
import { announces, type OpenIdAbsence, type OpenIdCell, openIdCells } from "./cells.ts";

/** What a server has to know of the app. */
export interface Registration {
  readonly redirectUri: string;
  readonly afterLogout: string;
  /** Where a server that is no part of this process reaches the app. */
  readonly backChannelLogout: string;
  /** Of the app's key, for `private_key_jwt`. */
  readonly publicKey: JWK;
}

/** A provider of OpenID Connect that we did not write. What it says is checked, and stands on the page. */
export interface OpenIdServer {
  readonly name: string;
  readonly version: string;
  readonly absent: Partial<Record<OpenIdCell, OpenIdAbsence>>;
  /** How it signs ID tokens. */
  readonly algorithm: string;
  /** Whether the ID token of a login names its access token by `at_hash`. */
  readonly hasAccessTokenHash: boolean;
  /** What we do wrong, by the promise of a test. */
  readonly faults?: Readonly<Record<string, string>>;
  start(registration: Registration): Promise<RunningOpenIdServer>;
}

export interface RunningOpenIdServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret?: string;
  /** The client that signs, where it is another one, and for whom. */
  readonly signing?: { readonly clientId: string; readonly audience?: "endpoint" };
  readonly options?: Partial<OpenIdOptions>;
  readonly scope?: readonly string[];
  readonly userinfo: string;
  /** What it says as `sub`. */
  readonly person: string | RegExp;
  /** The API whose tokens it gives by a resource indicator. */
  readonly resource?: string;
  /** Opens the URL and goes through the server's own pages, up to what is not one of them. */
  visit(browser: UserAgent, url: string): Promise<Page>;
  /** Opens the URL, and tells whether the server asks who it is. */
  asks?(browser: UserAgent, url: string): Promise<boolean>;
  /** Ends the login at the server that gave this ID token, in this browser. */
  endLogin?(browser: UserAgent, idToken: string): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds: the access token is about to end, and an ID token of an hour is not. */
const almostAnHour = 3_540_000;

/** Holds `@pixy/openid` against one server: a test for each cell, or why it has no such thing. */
export function describeOpenId(foreign: OpenIdServer, matrix: Matrix<OpenIdCell>): void {
  describe(`OpenID Connect with ${foreign.name}`, () => {
    let server: RunningOpenIdServer;
    let door: Loopback;
    let app: OpenIdApp;
    let key: JWK;
    const cell = cellOf(foreign, matrix);

    beforeAll(async () => {
      const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
      const named = { alg: "ES256", kid: "of-the-app" };
      key = { ...(await exportJWK(privateKey)), ...named };
      const listener = getRequestListener((request) =>
        app.fetch(new Request(at(new URL(request.url).pathname), request)),
      );
      door = await serveOnLoopback(() => listener as never);
      server = await foreign.start({
        ...{ redirectUri, afterLogout: at("/goodbye"), publicKey: { ...(await exportJWK(publicKey)), ...named } },
        backChannelLogout: `${door.url}/auth/provider/back-channel-logout`,
      });
    });
    afterAll(async () => {
      await server?.close();
      await door?.close();
    });

    function start(options: Partial<OpenIdOptions> = {}, more: Partial<OpenIdAppOptions> = {}): UserAgent {
      const { issuer, clientId, secret, scope = [], userinfo } = server;
      const provider = {
        ...{ api: new URL(issuer).origin, refreshTokens: { rotation: "rotating", retryUnknown: false } as const },
        ...server.options?.provider,
        ...options.provider,
      };
      app = createOpenIdApp({
        ...{ issuer, clientId, scope, userinfo },
        ...(secret === undefined ? {} : { clientAuthentication: secretBasic(secret) }),
        ...more,
        options: { ...server.options, ...options, provider },
      });
      return app.browser();
    }

    /** A login that began at `/me`, as it ends there. */
    async function logIn(browser: UserAgent): Promise<string> {
      const page = await server.visit(browser, at("/me"));
      expect([page.url, page.status], page.body).toEqual([at("/me"), 200]);
      const { sub } = page.json() as { sub: string };
      expect(sub).toMatch(server.person);
      return sub;
    }

    async function refresh(browser: UserAgent): Promise<Readonly<Record<string, unknown>>> {
      app.clock.advance(almostAnHour);
      expect((await browser.call(at("/me"))).status).toBe(200);
      const refreshes = app.sent.filter(({ form }) => form.get("grant_type") === "refresh_token");
      expect(refreshes.at(-1)?.status).toBe(200);
      return refreshes.at(-1)?.answer ?? {};
    }

    for (const name of openIdCells) {
      const absence = foreign.absent[name];
      if (absence === undefined) continue;
      it(`${name}: it has none`, async () => {
        if (absence === "not announced") {
          const browser = start();
          await browser.navigate(at("/auth/login"), { follow: false });
          const metadata = app.sent.find(({ path }) => path.includes("/.well-known/openid-configuration"));
          expect(metadata?.answer).toHaveProperty("issuer");
          expect(announces(metadata?.answer ?? {}, name)).toBe(false);
        } else if (absence === "not answered") {
          const browser = start();
          await logIn(browser);
          expect(await refresh(browser)).not.toHaveProperty("id_token");
        } else expectAbsent(absence);
      });
    }

    cell("ID token", "a login is who its ID token says", async () => {
      const browser = start();
      const sub = await logIn(browser);
      expect((await browser.navigate(at("/"))).body).toMatch(/^Hello (?!nobody)./);
      const claims = app.logins[0]?.claims ?? {};
      expect(claims).toMatchObject({ iss: server.issuer, sub, nonce: expect.stringMatching(/^[\w-]{43}$/) });
      expect("at_hash" in claims).toBe(foreign.hasAccessTokenHash);
      const given = app.sent.find(({ answer }) => "id_token" in answer)?.answer.id_token;
      expect(decodeProtectedHeader(String(given)).alg).toBe(foreign.algorithm);
    });

    cell("refresh", "a refresh brings an ID token of the same person", async () => {
      const browser = start();
      const sub = await logIn(browser);
      expect(decodeJwt(String((await refresh(browser)).id_token)).sub).toBe(sub);
    });

    cell("userinfo", "the endpoint answers of the same person", async () => {
      const browser = start({ userinfo: true });
      const sub = await logIn(browser);
      const { pathname } = new URL(server.userinfo, server.issuer);
      expect(app.sent.filter(({ path }) => path === pathname).map(({ answer }) => answer.sub)).toEqual([sub, sub]);
    });

    cell("iss", "a callback without it is refused before the code is spent", async () => {
      const browser = start();
      await logIn(browser);
      const callback = browser.hops.find(({ url }) => url.startsWith(redirectUri));
      expect(new URL(callback?.url ?? "").searchParams.get("iss")).toBe(server.issuer);
      const exchanges = app.sent.length;
      const other = await browser.navigate(at("/auth/login"), { follow: false });
      const { searchParams } = new URL(other.headers.get("location") ?? "");
      const bad = new URLSearchParams({ code: "c", state: searchParams.get("state") ?? "" });
      expect((await browser.navigate(`${redirectUri}?${bad}`)).status).toBe(400);
      expect(app.sent).toHaveLength(exchanges);
    });

    cell("logout", "the app's logout ends the login there, and is led back", async () => {
      const browser = start({ logout: true });
      await logIn(browser);
      await browser.navigate(at("/"));
      const out = await browser.submit(at("/auth/logout"), {}, { follow: false });
      const to = out.headers.get("location") ?? "";
      expect([out.status, new URL(to).origin]).toEqual([303, new URL(server.issuer).origin]);
      const back = await server.visit(browser, to);
      expect([back.url.split("?")[0], back.body]).toEqual([at("/goodbye"), "Goodbye"]);
      expect((await browser.navigate(at("/"))).body).toBe("Hello nobody");
      if (server.asks) expect(await server.asks(browser, at("/auth/login?returnTo=/"))).toBe(true);
    });

    cell("back-channel", "an end there ends the sessions of that login, and no others", async () => {
      const browser = start({ backChannelLogout: true });
      const phone = app.browser();
      await logIn(browser);
      await logIn(phone);
      const [idToken] = app.sent.flatMap(({ answer }) => answer.id_token ?? []);
      await server.endLogin?.(browser, String(idToken));
      await expect.poll(async () => (await browser.navigate(at("/"))).body, { timeout: 10_000 }).toBe("Hello nobody");
      expect((await phone.navigate(at("/"))).body).not.toBe("Hello nobody");
      expect(app.events.filter(({ type }) => type === "session.ended")).toMatchObject([{ reason: "provider" }]);
    });

    cell("PAR", "what a login asks for is pushed, and the browser carries a reference", async () => {
      const browser = start({ pushedLogin: true });
      await logIn(browser);
      expect(app.sent.find(({ status }) => status === 201)?.answer).toHaveProperty("request_uri");
      const asked = browser.hops
        .map(({ url }) => new URL(url))
        .find(({ searchParams }) => searchParams.has("request_uri"));
      expect([...(asked?.searchParams.keys() ?? [])]).toEqual(["client_id", "request_uri"]);
    });

    cell("DPoP", "code, refresh and API requests are proved by the login's own key", async () => {
      const browser = start({ dpop: true });
      await logIn(browser);
      await refresh(browser);
      const proofs = app.sent.flatMap(({ headers }) => headers.get("dpop") ?? []);
      expect(proofs.length).toBeGreaterThanOrEqual(4);
      expect(new Set(proofs.map((proof) => JSON.stringify(decodeProtectedHeader(proof).jwk))).size).toBe(1);
      expect(app.sent.find(({ answer }) => "access_token" in answer)?.answer.token_type).toMatch(/^dpop$/i);
    });

    cell("private_key_jwt", "code and refresh are signed by the app's key", async () => {
      const { clientId, audience = "issuer" } = { ...server, ...server.signing };
      const browser = start({}, { clientId, clientAuthentication: privateKeyJwt(key, { audience }) });
      await logIn(browser);
      await refresh(browser);
      const assertions = app.sent.flatMap(({ form }) => form.get("client_assertion") ?? []);
      expect([assertions.length, new Set(assertions).size]).toEqual([2, 2]);
    });

    cell("form_post", "its page posts the answer, and ours posts it again", async () => {
      const browser = start({ provider: { responseMode: "form_post" } });
      const ours = await server.visit(browser, at("/auth/login?returnTo=/"));
      expect([ours.method, ours.status, new URL(ours.url).origin]).toEqual(["POST", 200, baseUrl]);
      const form = formOf(ours);
      expect(app.logins).toEqual([]);
      expect((await browser.submit(form?.action ?? "", form?.fields)).body).toMatch(/^Hello (?!nobody)./);
    });

    cell("resource", "an access token for the API that was named, also after a refresh", async () => {
      const { resource = "" } = server;
      const browser = start({ provider: { parameters: { authorization: { resource } } } }, { profile: false });
      const page = await server.visit(browser, at("/token"));
      expect([decodeJwt(page.body).aud].flat()).toContain(resource);
      app.clock.advance(almostAnHour);
      const next = (await browser.call(at("/token"))).body;
      expect(next).not.toBe(page.body);
      expect([decodeJwt(next).aud].flat()).toContain(resource);
    });
  });
}
