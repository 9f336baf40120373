import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { spotify } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import {
  type AdapterProfile,
  type AuthorizationServer,
  type Clock,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  people,
  type RunningApp,
  type UserAgent,
} from "@pixy/testing";
import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from "@trpc/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { router } from "../adapters/next-app/trpc.ts";
import { prepareNext } from "../adapters/next-server.ts";
import { exampleFilesOf } from "../docs/code-blocks.ts";
import { secret } from "../lib/web-app.ts";

const hour = 3_600_000;
const page = "docs/beside-other-libraries.md";
const root = fileURLToPath(new URL("../../", import.meta.url));
const start = prepareNext();

it("the app that is built has the code of the page", () => {
  const files = exampleFilesOf(page, readFileSync(root + page, "utf8"));
  expect(files).toHaveLength(5);
  for (const { path, text } of files) {
    const name = path.slice(path.indexOf("/") + 1);
    // The login is the test's, and the first line what the page need not say.
    if (name === "auth.ts") continue;
    const code = text.slice(text.indexOf("\n")).trim();
    expect(readFileSync(`${root}tests/adapters/next-app/${name}`, "utf8").trim()).toBe(code);
  }
});

describe("in Next", { timeout: 60_000 }, () => {
  let clock: Clock;
  let provider: AuthorizationServer;
  let app: RunningApp;
  let browser: UserAgent;
  let ask: typeof fetch;

  beforeEach(async () => {
    clock = createClock();
    provider = createAuthorizationServer({ clock, issuer: spotify.issuer, rotation: "strict" });
    browser = createUserAgent({ fetchers: { [new URL(spotify.issuer).origin]: provider.fetch } });
    ask = provider.fetch;
    const given = { baseUrl: "http://127.0.0.1:1" };
    const options: PixyOptions<AdapterProfile> = {
      ...{ provider: spotify, clientId: "client", baseUrl: "", secret, name: "recipes", onEvent: () => {} },
      ...{ fetch: (input, init) => ask(input, init), now: clock.now, onLogin: () => ({ name: "Ada" }) },
    };
    app = await start(Object.defineProperty(options, "baseUrl", { enumerable: true, get: () => given.baseUrl }));
    given.baseUrl = app.url;
  });
  afterEach(async () => {
    await app.close();
    expect(provider.violations).toEqual([]);
  });

  const refreshes = () => provider.tokenRequests("refresh_token").length;
  const logIn = () => browser.login(`${app.url}/auth/login?returnTo=/public`, { person: "ada" });

  /** Sends what tRPC's client sends with the cookies of the browser. */
  const carrying = async (url: URL | RequestInfo, init: { method?: string; headers?: HeadersInit; body?: unknown }) => {
    const { method = "GET", headers, body } = init;
    const sent = {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(typeof body === "string" && { body }),
    };
    const answer = await browser.call(String(url), sent);
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
  const clientBy = (link: typeof httpBatchLink | typeof httpBatchStreamLink) =>
    createTRPCClient<typeof router>({ links: [link({ url: `${app.url}/api/trpc`, fetch: carrying as never })] });

  describe.each([
    ["a batch", httpBatchLink],
    ["a stream", httpBatchStreamLink],
  ])("tRPC, by %s", (_name, link) => {
    it("has the login in its procedures: a batch that finds an expired token sends one token request", async () => {
      await logIn();
      for (const round of [1, 2, 3]) {
        clock.advance(hour);
        const client = clientBy(link);
        const [name, me, again] = await Promise.all([client.name.query(), client.me.query(), client.me.query()]);
        expect([name, me, again]).toEqual(["Ada", expect.objectContaining({ id: people.ada.id }), me]);
        expect(refreshes()).toBe(round);
      }
    });

    it("tells its client what went wrong, and spends nothing that nobody could keep", async () => {
      const failure = () =>
        clientBy(link)
          .me.query()
          .catch(({ message, data }: { message: string; data: { code: string } }) => [message, data.code]);
      expect(await failure()).toEqual(["login_required", "UNAUTHORIZED"]);
      await logIn();
      provider.fault({ at: "api", kind: "unauthorized", times: 1 });
      provider.fault({ at: "token", kind: "status", status: 503, times: 1 });
      // A stream has begun by then, and no cookie can be set: it does not even ask.
      const isStream = link === httpBatchStreamLink;
      const message = isStream ? "refresh_needed" : "provider_unavailable";
      expect(await failure()).toEqual([message, "SERVICE_UNAVAILABLE"]);
      expect(refreshes()).toBe(isStream ? 0 : 1);
    });
  });

  it("a login that is asked for once the answer has begun logs nobody out", async () => {
    await logIn();
    clock.advance(hour);
    const said = new Promise((resolve) => {
      Object.assign(globalThis, { contractLate: resolve });
    });
    let answered = () => {};
    const sent = new Promise<void>((resolve) => {
      answered = resolve;
    });
    ask = (input, init) => sent.then(() => provider.fetch(input, init));
    expect((await browser.call(`${app.url}/writes/late?begun`)).status).toBe(200);
    answered();
    expect([await said, refreshes()]).toEqual([200, 1]);
    // Longer than a request is on its way: the browser still has the cookie of before.
    clock.advance(600_000);
    expect((await browser.call(`${app.url}/me`)).status).toBe(200);
    clock.advance(hour);
    expect((await browser.call(`${app.url}/me`)).status).toBe(200);
  });

  it("next-safe-action has the login in its context, and what changed is kept", async () => {
    const form = async () => {
      const { body } = await browser.navigate(`${app.url}/greeting`);
      const fields = new FormData();
      for (const [, name = "", value = ""] of body.matchAll(
        /<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?/g,
      )) {
        fields.append(name, value);
      }
      return fields;
    };
    const say = async () => {
      const cookie = (await browser.cookies(app.url)).map(({ name, value }) => `${name}=${value}`).join("; ");
      const headers = { origin: app.url, "sec-fetch-site": "same-origin", cookie };
      const init = { method: "POST", body: await form(), redirect: "manual", headers } as const;
      const answer = await fetch(`${app.url}/greeting`, init);
      for (const line of answer.headers.getSetCookie()) await browser.setCookie(app.url, line);
      return new URL(answer.headers.get("location") ?? "", app.url).searchParams.get("said");
    };
    expect(await say()).toBe("login_required");
    await logIn();
    for (const round of [1, 2]) {
      clock.advance(hour);
      expect(await say()).toBe("Hello Ada, the provider says 200");
      expect(refreshes()).toBe(round);
    }
    provider.revokeGrants();
    clock.advance(hour);
    expect(await say()).toBe("reauth_required");
  });
});
