import { createAuthorizationServer, type HttpServer, serve } from "@pixy/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hosts, serveHostile } from "../browser/hostile-page.ts";
import { type ExampleProcess, startExample } from "../lib/example-process.ts";
import { requirement } from "../lib/requirement.ts";
import type { Engine, Tab } from "./engine.ts";
import { findFirefox, launchFirefox } from "./firefox.ts";
import { serveTls, type TlsProxy } from "./tls-proxy.ts";
import { findWebKit, launchWebKit } from "./webkit.ts";

const engines = [
  ["Firefox", findFirefox, launchFirefox, "firefox-esr"],
  ["WebKit", findWebKit, launchWebKit, "webkit2gtk-driver xvfb"],
] as const;

// Who asks for these browsers by `pnpm check browsers` wants to know that one is missing; nobody else has to have them.
const isAskedFor = process.env.PIXY_BROWSERS === "1";
const places = [
  ["express", "http"],
  ["hono", "http"],
  ["next", "http"],
  ["express", "https"],
] as const;
const eventually = { timeout: 30_000, interval: 50 };

for (const [name, find, launch, packages] of engines) {
  const command = `apt-get install -y --no-install-recommends ${packages}`;
  requirement(
    name,
    find() !== undefined,
    command,
    isAskedFor,
  )(`in ${name}`, () => {
    let engine: Engine;

    beforeAll(async () => {
      engine = await launch();
    }, 120_000);
    afterAll(() => engine?.close());

    describe.each(places)("the example on %s, over %s", (example, scheme) => {
      const provider = createAuthorizationServer();
      let server: HttpServer;
      let app: ExampleProcess;
      let proxy: TlsProxy | undefined;
      let origin: string;
      let tab: Tab;

      const cookie = scheme === "https" ? `__Host-pixy-${example}` : `pixy-${example}`;
      const at = (path: string): string => `${origin}${path}`;
      const heading = () => tab.evaluate("document.querySelector('h1')?.textContent");
      const statuses = (path: string, count: number) =>
        tab.evaluate<number[]>(
          `Promise.all(Array.from({ length: ${count} }, () => fetch("${path}").then((answer) => answer.status)))`,
        );
      const session = () =>
        tab.evaluate<{ loggedIn: boolean; expiresAt: string }>(
          `fetch("/auth/session").then((answer) => answer.json())`,
        );

      async function logIn(): Promise<void> {
        await tab.goto(at("/"));
        await tab.click("Log in with Spotify");
        await expect.poll(() => tab.url(), eventually).toContain(`${server.url}/authorize?`);
        await tab.click("Log in as Ada Lovelace");
        await expect.poll(heading, eventually).toBe("Hello, Ada Lovelace");
      }

      async function logOut(): Promise<void> {
        await tab.click("Log out");
        await expect.poll(heading, eventually).not.toContain("Hello");
      }

      beforeAll(async () => {
        server = await serve(provider, { host: "localhost" });
        if (scheme === "https") proxy = await serveTls(() => app.url);
        app = await startExample(example, { PROVIDER_URL: server.url, BASE_URL: proxy?.url });
        origin = proxy?.url ?? app.url;
      });

      afterAll(async () => {
        proxy?.close();
        await Promise.all([app?.stop(), server?.close()]);
      });

      beforeEach(async () => {
        provider.reset();
        provider.configure({ expiresIn: 3600, rotation: "strict" });
        tab = await engine.open();
      });

      afterEach(async () => {
        await tab?.close();
        expect(provider.violations).toEqual([]);
      });

      it("logs in, renews the token once, and logs out", async () => {
        provider.configure({ expiresIn: 1 });
        await logIn();
        expect(await tab.url()).toBe(at("/"));
        expect(await tab.evaluate("document.cookie")).toBe("");
        expect(await tab.cookieNames()).toContain(cookie);
        const { expiresAt } = await session();
        await expect.poll(() => Date.now(), eventually).toBeGreaterThan(Date.parse(expiresAt));
        provider.configure({ expiresIn: 3600 });
        expect(await statuses("/me", 5)).toEqual([200, 200, 200, 200, 200]);
        expect(await statuses("/me", 1)).toEqual([200]);
        expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
        await logOut();
        expect(await tab.cookieNames()).toEqual([]);
        expect(await session()).toEqual({ loggedIn: false });
      });

      // WebKit keeps pages that came over plain http for the back button whatever Cache-Control says; an app over http
      // is one on the developer's own machine.
      if (scheme === "https") {
        it("shows nothing of the person to who goes back after the logout", async () => {
          await logIn();
          await tab.goto(at("/me"));
          await tab.goto(at("/"));
          await logOut();
          const authorizations = () => provider.requests.filter(({ kind }) => kind === "authorize").length;
          const before = authorizations();
          const shown = () => tab.evaluate("document.documentElement.textContent");
          for (let step = 0; step < 2; step++) {
            await tab.back();
            expect(await shown()).not.toMatch(/Hello|display_name/);
          }
          // Whoever comes by /me is asked to log in: the way back leads over the server.
          await expect.poll(authorizations, eventually).toBeGreaterThan(before);
          expect(await shown()).not.toMatch(/Hello|display_name/);
        });
      }

      if (example === "express") {
        it.each(hosts)("logs nobody out by a form of %s", async (_name, host) => {
          await logIn();
          const hostile = await serveHostile(host);
          try {
            const form = `<form method="post" action="${at("/auth/logout")}"><button>Win</button></form>`;
            await tab.goto(`${hostile.url}?html=${encodeURIComponent(form)}`);
            await tab.click("Win");
            await expect.poll(() => tab.url(), eventually).toContain(origin);
            await tab.goto(at("/"));
            expect(await heading()).toBe("Hello, Ada Lovelace");
          } finally {
            hostile.close();
          }
        });
      }
    });
  });
}
