import { discover, type PixyOptions, type Provider } from "@pixy/server";
import type { RunningApp, UserAgent } from "@pixy/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startOidcServer, throughForms } from "../lib/oidc-server.ts";
import { createWebApp, type Profile, type WebApp } from "../lib/web-app.ts";

const baseUrl = "http://127.0.0.1:3999";

/** An authorization server that we did not write is the judge. */
describe("oidc-provider", () => {
  let server: RunningApp;
  let provider: Provider;
  let app: WebApp;
  let browser: UserAgent;
  let sent: { readonly url: string; readonly body: URLSearchParams; readonly status: number }[];

  const recording: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    sent.push({ url: String(input), body: new URLSearchParams(String(init?.body ?? "")), status: response.status });
    return response;
  };
  // Else the warning that cookies and rotation need one process is printed for each test.
  const onEvent = () => {};
  const at = (path: string) => `${baseUrl}${path}`;
  const refreshes = () => sent.filter(({ body }) => body.get("grant_type") === "refresh_token");
  const login = async (path: string) => throughForms(browser, await browser.navigate(at(path)), "ada");
  const post = (url: string, form: Record<string, string>) =>
    fetch(url, { method: "POST", body: new URLSearchParams({ client_id: "client-of-the-app", ...form }) });
  const spend = (refreshToken: string) =>
    post(provider.tokenEndpoint, { grant_type: "refresh_token", refresh_token: refreshToken });
  const hour = () => app.clock.advance(3_600_000);

  beforeAll(async () => {
    server = await startOidcServer(at("/auth/callback"));
    provider = await discover(server.url, {
      openid: true,
      allowInsecureLoopback: true,
      provider: { api: server.url, refreshTokens: { rotation: "rotating", retryUnknown: false } },
    });
  });

  afterAll(() => server?.close());

  beforeEach(() => {
    sent = [];
    const options: Partial<PixyOptions<Profile>> = { provider, baseUrl, scope: ["openid"], fetch: recording, onEvent };
    app = createWebApp({ options });
    browser = app.browser();
  });

  it("is found by its metadata, and promises iss", () => {
    expect(provider).toMatchObject({
      issuer: server.url,
      tokenEndpoint: `${server.url}/token`,
      revocationEndpoint: `${server.url}/token/revocation`,
      issuerInCallback: "required",
    });
  });

  it("logs somebody in, with codes, state and iss", async () => {
    const page = await login("/me?x=1");
    expect([page.url, page.status, page.json()]).toEqual([at("/me?x=1"), 200, { sub: "ada", display_name: "ada" }]);
    expect((await browser.navigate(at("/"))).body).toBe("Hello ada");
    const callback = browser.hops.find((hop) => hop.url.startsWith(at("/auth/callback")));
    expect(new URL(callback?.url ?? "").searchParams.get("iss")).toBe(server.url);
  });

  it("refuses a callback without iss or with another's, before the code is spent", async () => {
    const start = await browser.navigate(at("/auth/login?returnTo=/me"), { follow: false });
    const callback = await callbackOf(start.headers.get("location") ?? "");
    for (const iss of [null, "https://evil.example", `${server.url}/`]) {
      const copy = await browser.clone();
      const bad = new URL(callback);
      if (iss === null) bad.searchParams.delete("iss");
      else bad.searchParams.set("iss", iss);
      expect((await copy.navigate(bad, { follow: false })).status).toBe(400);
    }
    expect(sent).toEqual([]);
    expect((await browser.navigate(callback)).status).toBe(200);
  });

  it("is asked once for 50 requests at a time, and rotation logs nobody out", async () => {
    await login("/me");
    const old = await browser.clone();
    for (let round = 1; round <= 3; round++) {
      hour();
      const copies = await Promise.all(Array.from({ length: 50 }, () => browser.clone()));
      const answers = await Promise.all(copies.map((copy) => copy.call(at("/me"))));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
      expect(refreshes()).toHaveLength(round);
      expect((await browser.call(at("/me"))).status).toBe(200);
      if (round === 1) expect((await old.call(at("/me"))).status).toBe(200);
    }
    const spent = refreshes().map(({ body }) => body.get("refresh_token"));
    expect(new Set(spent).size).toBe(3);
  });

  it("ends the grant when somebody shows a spent token, and then the session ends cleanly", async () => {
    await login("/me");
    hour();
    expect((await browser.call(at("/me"))).status).toBe(200);
    const stolen = refreshes()[0]?.body.get("refresh_token") ?? "";
    const reuse = await spend(stolen);
    expect([reuse.status, ((await reuse.json()) as { error: string }).error]).toEqual([400, "invalid_grant"]);
    hour();
    const call = await browser.call(at("/me"));
    expect([call.status, (call.json() as { code: string }).code]).toEqual([401, expect.stringMatching(/_required$/)]);
    expect((await browser.navigate(at("/"))).body).toBe("Log in");
  });

  it("is told of a logout, and the refresh token is dead there", async () => {
    await login("/me");
    await browser.navigate(at("/"));
    await browser.submit(at("/auth/logout"), {}, { follow: false });
    await expect.poll(() => sent.find(({ url }) => url === provider.revocationEndpoint)?.status).toBe(200);
    const revoked = sent.find(({ url }) => url === provider.revocationEndpoint)?.body.get("token") ?? "";
    expect((await spend(revoked)).status).toBe(400);
  });

  /** Goes through the forms as the browser, and stops before the redirect that leads back to the app. */
  async function callbackOf(url: string): Promise<string> {
    let page = await browser.navigate(url);
    for (let step = 0; step < 2; step++) {
      const action = /<form[^>]*action="([^"]+)"/.exec(page.body)?.[1] ?? "";
      const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1] ?? "";
      page = await browser.submit(action, { prompt, login: "ada", password: "any" }, { follow: false });
      for (;;) {
        const location = page.headers.get("location");
        if (location === null) break;
        if (location.startsWith(at("/auth/callback"))) return location;
        page = await browser.navigate(location, { follow: false, from: "link" });
      }
    }
    throw new Error(`No callback, but ${page.status} at ${page.url}.`);
  }
});
