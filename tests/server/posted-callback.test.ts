import { spotify } from "@pixy/providers/spotify";
import { defineProvider, type NewLogin, type PixyEvent } from "@pixy/server";
import type { Page, UserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type WebApp, type WebAppOptions } from "../lib/web-app.ts";

const provider = defineProvider({ ...spotify, responseMode: "form_post" });
const origin = "https://app.example";
const callback = `${origin}/auth/callback`;
const again = "/auth/callback?reposted=1";
const user = JSON.stringify({ name: { firstName: "<b>Ada</b>", lastName: `O'"Love&lace"` } });

function start(options: WebAppOptions["options"] = {}) {
  const events: PixyEvent[] = [];
  const app = createWebApp({ options: { provider, onEvent: (event) => events.push(event), ...options } });
  return { app, events, exchanges: () => app.provider.tokenRequests().length };
}

/** Logs in at the provider; its form is there, and not yet posted. */
async function atProvider(app: WebApp, browser: UserAgent = app.browser()) {
  const page = await browser.login(`${origin}/auth/login?returnTo=/me`, { person: "ada" });
  expect(new URL(page.url).origin).toBe(new URL(spotify.issuer).origin);
  return { browser, fields: fieldsOf(page) };
}

function fieldsOf({ body }: Page): Record<string, string> {
  const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  const plain = (text: string) =>
    text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code))).replaceAll("&amp;", "&");
  return Object.fromEntries(Array.from(inputs, ([, name = "", value = ""]) => [plain(name), plain(value)]));
}

const codeOf = ({ body }: Page) => /Code: <code>(\w+)/.exec(body)?.[1];

describe("a callback that is posted", () => {
  it("F6 is asked for, comes without cookies, is posted again by a page of ours, and logs in", async () => {
    const logins: NewLogin[] = [];
    const { app, exchanges } = start({
      onLogin: (login) => {
        logins.push(login);
        return { name: "Ada" };
      },
    });
    const { browser, fields } = await atProvider(app);
    const asked = browser.hops.find(({ url }) => url.includes("/authorize?"));
    expect(new URL(asked?.url ?? "").searchParams.get("response_mode")).toBe("form_post");
    const first = await browser.submit(callback, { ...fields, user, submit: "x" });
    expect([first.status, first.requestHeaders.cookie, first.requestHeaders.origin]).toEqual([200, undefined, "null"]);
    expect([first.setCookies, exchanges()]).toEqual([[], 0]);
    expect(fieldsOf(first)).toEqual({ ...fields, user, submit: "x" });
    const second = await browser.submit(again, fieldsOf(first));
    expect([second.status, second.url, exchanges()]).toEqual([200, `${origin}/me`, 1]);
    expect(logins.map(({ posted }) => posted)).toEqual([{ user, submit: "x" }]);
    // The back button posts it once more.
    expect((await browser.submit(again, fieldsOf(first))).url).toBe(`${origin}/me`);
    expect(exchanges()).toBe(1);
  });

  it("is answered by a page that nothing can be injected into, and that is in no frame and in no cache", async () => {
    const { app } = start();
    const browser = app.browser();
    const value = `"><script>alert(1)</script>'&`;
    const page = await browser.submit(callback, { state: value, [value]: "x" });
    expect(fieldsOf(page)).toEqual({ state: value, [value]: "x" });
    expect(page.body.match(/<script/g)).toHaveLength(1);
    const [, nonce = ""] = /<script nonce="([\w-]{43})">/.exec(page.body) ?? [];
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining(["default-src 'none'", `script-src 'nonce-${nonce}'`, "frame-ancestors 'none'"]),
    );
    expect(page.headers.get("x-frame-options")).toBe("DENY");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    expect((await browser.submit(callback, { state: value })).body).not.toContain(nonce);
  });

  it("reads no cookie of the first form, and opens none", async () => {
    const { app, exchanges } = start();
    const { browser, fields } = await atProvider(app);
    const [cookie] = await browser.cookies(callback);
    // As if the browser knew no SameSite.
    const headers = { cookie: `${cookie?.name}=${cookie?.value}` };
    const page = await browser.submit(callback, fields, { headers });
    expect([fieldsOf(page), page.setCookies, exchanges()]).toEqual([fields, [], 0]);
  });

  it("is matched to the attempt of this browser, also by our own page", async () => {
    const { app, exchanges } = start();
    const { fields } = await atProvider(app);
    const other = app.browser();
    await other.navigate(`${origin}/auth/login`);
    const first = await other.submit(callback, fields);
    const second = await other.submit(again, fieldsOf(first));
    expect([second.status, codeOf(second), exchanges()]).toEqual([400, "login_not_found", 0]);
  });

  it("is told by Origin where a browser sends no Fetch Metadata, and goes in no circle where it sends neither", async () => {
    const { app, exchanges } = start();
    const { browser, fields } = await atProvider(app);
    const silent = { "sec-fetch-site": "", "sec-fetch-mode": "", "sec-fetch-dest": "", "sec-fetch-user": "" };
    const first = await browser.submit(callback, fields, { headers: silent });
    const neither = await browser.clone();
    const refused = await neither.submit(again, fieldsOf(first), { headers: { ...silent, origin: "" } });
    expect([refused.status, codeOf(refused), exchanges()]).toEqual([403, "cross_site_request", 0]);
    const second = await browser.submit(again, fieldsOf(first), { headers: silent });
    expect([second.hops[0]?.requestHeaders.origin, second.url]).toEqual([origin, `${origin}/me`]);
  });

  it("is refused as our second form where another site sends it", async () => {
    const { app, exchanges } = start();
    const { browser, fields } = await atProvider(app);
    const page = await browser.submit(`${origin}${again}`, fields);
    expect([page.status, codeOf(page), exchanges()]).toEqual([403, "cross_site_request", 0]);
  });

  it("brings a refusal of the person back to the app", async () => {
    const { app } = start();
    const browser = app.browser();
    const theirs = await browser.login(`${origin}/auth/login?returnTo=/public`, { person: "deny" });
    const first = await browser.submit(callback, fieldsOf(theirs));
    expect((await browser.submit(again, fieldsOf(first))).url).toBe(`${origin}/public?auth_error=access_denied`);
  });

  it.each([
    ["more than 16 kB", { user: "x".repeat(20_000) }],
    ["more than 100 fields", Object.fromEntries(Array.from({ length: 101 }, (_item, index) => [`f${index}`, ""]))],
  ])("with %s is refused before anything is looked at", async (_what, more) => {
    const { app, events, exchanges } = start();
    const { browser, fields } = await atProvider(app);
    const page = await browser.submit(callback, { ...fields, ...more });
    expect([page.status, codeOf(page), page.setCookies, exchanges()]).toEqual([413, "form_unusable", [], 0]);
    expect(events.at(-1)).toMatchObject({ type: "login.failed", code: "form_unusable" });
    const first = await browser.submit(callback, fields);
    expect(fieldsOf(first)).toEqual({});
  });

  it("is no callback of any other provider: 405", async () => {
    const { app } = start({ provider: spotify });
    const page = await app.browser().submit(callback, { code: "c", state: "s" });
    expect([page.status, page.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("is waited for with a provider that is found at first use", async () => {
    const { app } = start({ provider: () => provider });
    const page = await app.browser().submit(callback, { code: "c" });
    expect([page.status, fieldsOf(page)]).toEqual([200, { code: "c" }]);
  });

  it("gives the profile what was posted under a name of its own: it takes no claim's place", async () => {
    const profiles: unknown[] = [];
    const named = defineProvider({
      ...spotify,
      responseMode: "form_post",
      profile: {
        ...{ url: "https://api.spotify.com/v1/me", id: "id" },
        name: (raw) => (raw.posted as { user?: string } | undefined)?.user,
      },
    });
    const { app } = start({
      provider: named,
      onLogin: async (login) => {
        profiles.push(await login.profile());
        return { name: "Ada" };
      },
    });
    for (const more of [{ user: "Ada", id: "evil", display_name: "evil" }, {}]) {
      const { browser, fields } = await atProvider(app);
      const first = await browser.submit(callback, { ...fields, ...more });
      expect((await browser.submit(again, fieldsOf(first))).url).toBe(`${origin}/me`);
    }
    expect(profiles).toMatchObject([
      { id: "ada-1815", name: "Ada", raw: { id: "ada-1815", posted: { id: "evil" } } },
      { id: "ada-1815", name: null },
    ]);
  });
});
