import { readFileSync } from "node:fs";
import { createClient, createTokens, type DiscoveryError, discover, pkceAuthenticator, secretBasic } from "@pixy/core";
import { atlassian } from "@pixy/providers/atlassian";
import { bitbucket } from "@pixy/providers/bitbucket";
import { github, githubApp } from "@pixy/providers/github";
import { google } from "@pixy/providers/google";
import { linkedin } from "@pixy/providers/linkedin";
import { salesforce } from "@pixy/providers/salesforce";
import { slack } from "@pixy/providers/slack";
import { strava } from "@pixy/providers/strava";
import { tiktok } from "@pixy/providers/tiktok";
import { twitch } from "@pixy/providers/twitch";
import { x } from "@pixy/providers/x";
import type { LoginHandler } from "@pixy/server";
import { createAuthorizationServer, createClock, type Page } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createProviderApp, type ProviderApp } from "./app.ts";
import { presets } from "./presets.ts";
import { rulesOf } from "./rules.ts";

// What the contract does not show of the traps that real providers set: each test names its trap.

const hours = 3_600_000;
const codeOf = (page: Page): unknown => (page.json() as { code?: unknown }).code;
const refreshes = ({ server }: ProviderApp) => server.tokenRequests("refresh_token");

describe("a list as scope", () => {
  it.each([
    [
      ["user:read:email", "chat:read"],
      ["user:read:email", "chat:read"],
    ],
    [[], ["user:read:email"]],
    [["a b"], ["user:read:email"]],
    [[1], ["user:read:email"]],
  ])("%j at a refresh: the tokens are kept, by one request, with %j", async (scope, kept) => {
    const app = createProviderApp(twitch, "twitch");
    const browser = await app.login();
    app.clock.advance(5 * hours);
    app.server.fault({ at: "token", kind: "members", set: { scope }, times: 1 });
    expect((await app.api(browser)).status).toBe(200);
    expect([refreshes(app).length, (await app.session(browser)).scope]).toEqual([1, kept]);
  });
});

describe("refusals without `error`", () => {
  it("strava's wrong secret is no dead refresh token", async () => {
    const app = createProviderApp(strava, "strava");
    const browser = await app.login();
    app.clock.advance(7 * hours);
    const body = { message: "Bad Request", errors: [{ resource: "Application", field: "client_id", code: "invalid" }] };
    app.server.fault({ at: "token", kind: "status", status: 400, body, times: 1 });
    await app.api(browser);
    expect((await app.session(browser)).loggedIn).toBe(true);
    app.clock.advance(11_000);
    expect((await app.api(browser)).status).toBe(200);
  });

  it("a dead access token at twitch's API is a refresh, and no end", async () => {
    const app = createProviderApp(twitch, "twitch");
    const browser = await app.login();
    app.server.revokeAccessTokens();
    expect((await app.api(browser)).status).toBe(200);
    expect(refreshes(app).length).toBe(1);
  });
});

describe("a refusal that repeats the token", () => {
  it("fitbit's 401: one request, a login is offered, and the token is in no answer and no event", async () => {
    const app = createProviderApp(google, "google");
    const browser = await app.login();
    app.clock.advance(2 * hours);
    expect((await app.api(browser)).status).toBe(200);
    // Google's stays the same, so that the next refusal can name it.
    const token = refreshes(app).at(-1)?.parameters.refresh_token ?? "";
    const message = `Refresh token invalid: ${token}`;
    const body = { errors: [{ errorType: "invalid_grant", message }], success: false, error_description: message };
    app.server.fault({ at: "token", kind: "status", status: 401, body });
    app.clock.advance(2 * hours);
    const page = await app.api(browser);
    expect([page.status, codeOf(page), refreshes(app).length]).toEqual([401, "reauth_required", 2]);
    const told = JSON.stringify(app.events, (_, part: unknown) =>
      part instanceof Error ? { ...part, message: part.message, cause: part.cause } : part,
    );
    expect(token.length).toBeGreaterThan(20);
    expect(`${page.body}${told}`).not.toContain(token);
  });
});

describe("slack", () => {
  it("`ok: false` without a code says nothing about the token", async () => {
    const app = createProviderApp(slack, "slack");
    const browser = await app.login();
    app.clock.advance(13 * hours);
    app.server.fault({ at: "token", kind: "body", body: '{"ok":false}', consume: false, times: 1 });
    await app.api(browser);
    expect((await app.session(browser)).loggedIn).toBe(true);
    app.clock.advance(11_000);
    expect((await app.api(browser)).status).toBe(200);
  });
});

describe("`iss` that comes and goes", () => {
  async function callbackWith(app: ProviderApp, change: (callback: URL) => void): Promise<Page> {
    const browser = app.browser();
    const page = await browser.navigate(app.at("/auth/login"), { follow: false });
    const callback = new URL(await app.server.authorize(page.headers.get("location") ?? "", { person: "ada" }));
    change(callback);
    return browser.navigate(callback, { follow: false });
  }

  it.each([
    ["github", github, "github", "https://github.com/login/oauth"],
    ["google", google, "google", "https://accounts.google.com"],
  ] as const)("%s: none or its own pass, all else is refused before the code is sent", async (_, provider, as, own) => {
    const app = createProviderApp(provider, as);
    for (const iss of [[], [own]]) {
      const page = await callbackWith(app, ({ searchParams }) => {
        searchParams.delete("iss");
        for (const value of iss) searchParams.append("iss", value);
      });
      expect(page.status, String(iss)).toBe(303);
    }
    app.server.reset();
    const { origin } = new URL(own);
    for (const iss of [[`${own}/`], [`${origin}.evil.example`], [own, own], [`${own}/other`]]) {
      const page = await callbackWith(app, ({ searchParams }) => {
        searchParams.delete("iss");
        for (const value of iss) searchParams.append("iss", value);
      });
      expect([page.status, app.server.tokenRequests().length], String(iss)).toEqual([400, 0]);
    }
  });

  it("a refusal with a foreign `iss` is not the person's", async () => {
    const app = createProviderApp(github, "github");
    const page = await callbackWith(app, ({ searchParams }) => {
      searchParams.delete("code");
      searchParams.set("error", "access_denied");
      searchParams.set("iss", "https://evil.example");
    });
    expect(page.status).toBe(400);
    expect(app.events.map(({ type }) => type)).not.toContain("login.refused");
  });
});

describe("entra's metadata", () => {
  const { fetch } = createAuthorizationServer({ as: "microsoft" });
  const at = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
  const tenant = "9b0d7a40-0000-4000-8000-000000000000";

  it.each(["common", "organizations", "consumers"])("%s is refused: its issuer is another's", async (name) => {
    const error = await discover(at(name), { openid: true, pkce: "known", fetch }).catch((reason: unknown) => reason);
    expect((error as DiscoveryError).code).toBe("metadata_issuer_mismatch");
  });

  it("a tenant is one that has to be told about S256", async () => {
    await expect(discover(at(tenant), { openid: true, fetch })).rejects.toThrow(/S256|PKCE/);
    const provider = await discover(at(tenant), { openid: true, pkce: "known", fetch });
    expect([provider.issuer, provider.tokenEndpoint]).toEqual([
      at(tenant),
      `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    ]);
  });
});

describe("the clock in the answer", () => {
  async function dueAfter(app: ProviderApp, set: Readonly<Record<string, unknown>>): Promise<unknown> {
    const browser = await app.login();
    const { expiresAt } = await app.session(browser);
    app.clock.set(Date.parse(String(expiresAt)) + 1000);
    app.server.fault({ at: "token", kind: "members", set, times: 1 });
    expect((await app.api(browser)).status).toBe(200);
    const { reauthDueAt } = await app.session(browser);
    return reauthDueAt === null ? null : (Date.parse(String(reauthDueAt)) - app.clock.now()) / 1000;
  }

  it("github's moves with each refresh, linkedin's stands still", async () => {
    for (const [provider, as, moves] of [
      [githubApp, "github-app", true],
      [linkedin, "linkedin", false],
    ] as const) {
      const app = createProviderApp(provider, as);
      const browser = await app.login();
      const before = await app.session(browser);
      app.clock.set(Date.parse(String(before.expiresAt)) + 1000);
      await app.api(browser);
      const after = await app.session(browser);
      expect(Date.parse(String(after.reauthDueAt)) > Date.parse(String(before.reauthDueAt)), as).toBe(moves);
    }
  });

  it("is read as digits, and says with 0 that there is no end", async () => {
    expect(await dueAfter(createProviderApp(tiktok, "tiktok"), { refresh_expires_in: "600" })).toBe(600);
    expect(await dueAfter(createProviderApp(tiktok, "tiktok"), { refresh_expires_in: 0 })).toBeNull();
  });

  it.each([-1, 1e12, "soon", null])("%j says nothing", async (refresh_expires_in) => {
    const documented = await dueAfter(createProviderApp(tiktok, "tiktok"), { refresh_expires_in });
    expect([null, 15_552_000]).toContain(documented);
  });
});

describe("one code, two meanings", () => {
  it("x's `invalid_request` at a code exchange touches no session", async () => {
    const app = createProviderApp(x, "x");
    const browser = await app.login();
    const page = await browser.navigate(app.at("/auth/login"), { follow: false });
    const callback = new URL(await app.server.authorize(page.headers.get("location") ?? "", { person: "ada" }));
    callback.searchParams.set("code", "none");
    await browser.navigate(callback);
    expect((await app.session(browser)).loggedIn).toBe(true);
    expect((await app.api(browser)).status).toBe(200);
  });

  it("a refresh whose answer is lost is not sent again at once where a replay ends everything", async () => {
    const app = createProviderApp(x, "x");
    const browser = await app.login();
    const { expiresAt } = await app.session(browser);
    // The access token still works: there is something to lose.
    app.clock.set(Date.parse(String(expiresAt)) - 10_000);
    app.server.fault({ at: "token", kind: "reset-after-consume", times: 1 });
    expect((await app.api(browser)).status).toBe(200);
    expect(refreshes(app).length).toBe(1);
  });

  it("atlassian's 403 with `invalid_grant` is an end, although firewalls have that status too", async () => {
    const app = createProviderApp(atlassian, "atlassian");
    const browser = await app.login();
    app.clock.advance(2 * hours);
    app.server.revokeGrants();
    expect(codeOf(await app.api(browser))).toBe("reauth_required");
    expect(await app.session(browser)).toEqual({ loggedIn: false });
  });
});

describe("bitbucket's tokens of 2,600 characters", () => {
  it("fit into cookies, and with a profile they are too large by name", async () => {
    const bare = createProviderApp(bitbucket, "bitbucket");
    expect((await bare.session(await bare.login())).loggedIn).toBe(true);
    const app = createProviderApp(bitbucket, "bitbucket", undefined, undefined, (login) => login.profile());
    expect(await app.session(await app.login())).toEqual({ loggedIn: false });
    expect(app.events.at(-1)).toMatchObject({
      type: "login.failed",
      error: { cause: { code: "session_too_large", hint: expect.stringMatching(/`store` option/) } },
    });
  });
});

describe("an API whose address is in the answer", () => {
  const scope = ["openid", "refresh_token"];
  const createOrg = (at = "/services/data", onLogin?: LoginHandler): ProviderApp =>
    createProviderApp(salesforce, "salesforce", scope, at, onLogin);
  const names = (instance_url: unknown) => ({ at: "token", kind: "members", set: { instance_url } }) as const;
  const originsOf = ({ server }: ProviderApp): unknown[] =>
    server.requests.filter(({ url }) => url.includes("/services/data")).map(({ url }) => new URL(url).origin);

  it("salesforce's data are at the host of the org, which `onLogin` is told and the browser is not", async () => {
    const kept: unknown[] = [];
    const app = createOrg("/services/data", (login) => {
      kept.push(login.kept);
      return { is: "in" };
    });
    const browser = await app.login();
    expect((await app.api(browser)).status).toBe(200);
    expect(kept).toEqual([
      { instance_url: "https://engines.my.salesforce.com", id: "https://login.salesforce.com/id/00Dxx/ada-1815" },
    ]);
    expect(JSON.stringify(await app.session(browser))).not.toMatch(/engines|00Dxx/);
    // A refresh answers 200 at the host of before, too.
    app.clock.advance(3 * hours);
    expect([(await app.api(browser)).status, refreshes(app).length]).toEqual([200, 1]);
  });

  it("the token goes to that host and to no other, the provider's own included", async () => {
    const app = createOrg("https://login.salesforce.com/services/data");
    await expect(app.login().then(app.api)).rejects.toThrow(/must not go to this URL/);
  });

  it("a refresh may name another host, and none of somebody else's", async () => {
    const app = createOrg();
    const browser = await app.login();
    const hosts = [];
    for (const url of [
      "https://moved.my.salesforce.com",
      "https://evil.example",
      "https://engines.my.salesforce.com",
    ]) {
      app.clock.advance(3 * hours);
      app.server.fault({ ...names(url), times: 1 });
      await app.api(browser);
      hosts.push(originsOf(app).at(-1));
    }
    expect(hosts).toEqual([
      "https://moved.my.salesforce.com",
      "https://moved.my.salesforce.com",
      "https://engines.my.salesforce.com",
    ]);
  });

  it.each(["https://evil.example", "http://engines.my.salesforce.com", 7])(
    "a login that names %j is none",
    async (url) => {
      const app = createOrg();
      app.server.fault({ ...names(url), times: 1 });
      const browser = await app.login();
      expect(await app.session(browser)).toEqual({ loggedIn: false });
      expect(app.events.at(-1)).toMatchObject({
        ...{ type: "login.failed", code: "foreign_api" },
        error: { hint: expect.stringContaining("instance_url") },
      });
      expect(app.server.requests.filter((request) => request.url.includes("/revoke"))).toHaveLength(1);
    },
  );
});

describe("a firewall", () => {
  it("ends no login of the core's authenticator, also where nothing is sent twice", async () => {
    const clock = createClock();
    const server = createAuthorizationServer({ as: "x", clock });
    const redirectUri = "https://app.example/callback";
    const client = createClient({ provider: x, clientId: "app", redirectUri, authentication: secretBasic("secret") });
    const issued = server.issueTokens({ clientId: "app", person: "ada", scope: ["offline.access"] });
    const initial = createTokens({ ...issued, tokenType: "Bearer", createdAt: clock.now(), authorizedAt: null });
    const theirs = pkceAuthenticator(client, initial, { fetch: server.fetch, now: clock.now });
    clock.advance(3 * hours);
    server.fault({ at: "token", kind: "html", status: 403, times: 1 });
    await expect(theirs.tokens()).rejects.toMatchObject({ code: "provider_unavailable", outcome: "unavailable" });
    expect(server.tokenRequests("refresh_token")).toHaveLength(1);
    clock.advance(11_000);
    expect((await theirs.tokens()).accessToken).not.toBe(initial.accessToken);
  });
});

describe("apple's POST", () => {
  it("is refused at any other callback, and spends nothing", async () => {
    const app = createProviderApp(google, "google");
    const browser = app.browser();
    const page = await browser.navigate(app.at("/auth/login"), { follow: false });
    const callback = await app.server.authorize(page.headers.get("location") ?? "", { person: "ada" });
    const form = new URLSearchParams([...new URL(callback).searchParams, ["user", '{"name":{"firstName":"Ada"}}']]);
    const posted = await app.answer(
      new Request(app.at("/auth/callback"), {
        method: "POST",
        body: form,
        headers: { "sec-fetch-site": "cross-site" },
      }),
    );
    expect([posted.status, posted.headers.getSetCookie(), app.server.tokenRequests().length]).toEqual([405, [], 0]);
    await browser.navigate(callback);
    expect((await app.session(browser)).loggedIn).toBe(true);
  });
});

describe("the end of a service", () => {
  it("410 with JSON and no `error`: a login is offered, the token stays, and nothing of the body is told", async () => {
    const app = createProviderApp(strava, "strava");
    const browser = await app.login();
    app.clock.advance(7 * hours);
    const body = { errors: [{ errorType: "gone", message: "canary-of-the-body" }], success: false };
    app.server.fault({ at: "token", kind: "status", status: 410, body });
    const page = await app.api(browser);
    expect([page.status, codeOf(page), refreshes(app).length]).toEqual([401, "reauth_required", 1]);
    expect((await app.session(browser)).loggedIn).toBe(true);
    expect(`${page.body}${JSON.stringify(app.events)}`).not.toContain("canary");
    app.server.clearFaults();
    app.clock.advance(11_000);
    expect((await app.api(browser)).status).toBe(200);
  });

  it("200 with a page: the answer may be lost, so nothing is sent twice, and the login lives", async () => {
    const app = createProviderApp(x, "x");
    const browser = await app.login();
    app.clock.advance(3 * hours);
    app.server.fault({ at: "token", kind: "html", status: 200, consume: false, times: 1 });
    const page = await app.api(browser);
    expect([page.status, codeOf(page), refreshes(app).length]).toEqual([503, "provider_unavailable", 1]);
    app.clock.advance(11_000);
    expect((await app.api(browser)).status).toBe(200);
  });
});

it("the page of the ten traps names tests that there are", () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  const rows = [...read("README.md").matchAll(/^\| (?!trap |---)[^|]+ \| ([^|]+) \|$/gm)].map(([, held = ""]) => held);
  const own = read("traps.test.ts");
  const contract = ["death", "login"]
    .map((name) => read(`../../packages/testing/src/provider-contract/${name}.ts`))
    .join();
  const names = rows.flatMap((held) => [...held.matchAll(/(`+) ?(.+?) ?\1/g)].map(([, , name = ""]) => name));
  const isThere = (name: string) =>
    own.includes(`describe("${name}"`) ||
    contract.includes(`"${name}"`) ||
    presets.some((preset) => preset.name === name) ||
    presets.some(({ provider }) => rulesOf(provider).includes(name));
  expect([rows.length, names.filter((name) => !isThere(name))]).toEqual([10, []]);
});
