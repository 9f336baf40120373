import { createAuthorizationServer, createUserAgent, serve } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { type ExampleName, startExample } from "../lib/example-process.ts";

/** Starts an example that finds its provider at first use, and a provider that counts who reads its metadata. */
async function stage(example: ExampleName) {
  const server = createAuthorizationServer();
  const listener = await serve(server);
  const app = await startExample(example, { PROVIDER_URL: listener.url, PROVIDER_DISCOVERY: "1" });
  return {
    server,
    app,
    asked: () => server.requests.filter(({ kind }) => kind === "metadata").length,
    async [Symbol.asyncDispose]() {
      await app.stop();
      await listener.close();
    },
  };
}

/** What is promised of a provider that is found at first use, held by a running example in its own runtime. */
export function describeDiscovery(name: string, example: ExampleName, { away }: { readonly away: boolean }): void {
  describe(`discovery at first use: ${name}`, () => {
    it("asks nobody at start, then once for everybody, and refreshes and logs out with what it found", async () => {
      await using it = await stage(example);
      const { server, app, asked } = it;
      expect((await createUserAgent().navigate(app.url)).body).toContain("Log in");
      expect(asked()).toBe(0);
      const starts = await Promise.all(
        Array.from({ length: 10 }, () => createUserAgent().navigate(`${app.url}/auth/login`, { follow: false })),
      );
      expect(starts.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 302));
      expect(asked()).toBe(1);
      const browser = createUserAgent();
      expect((await browser.login(`${app.url}/me`, { person: "ada" })).status).toBe(200);
      server.revokeAccessTokens();
      expect((await browser.call(`${app.url}/me`)).status).toBe(200);
      await browser.navigate(app.url);
      expect((await browser.submit(`${app.url}/auth/logout`)).status).toBe(200);
      expect([asked(), server.tokenRequests("refresh_token").length, server.violations]).toEqual([1, 1, []]);
    });

    // Ten seconds of the real clock: in one runtime, because the others run the same lines.
    it.runIf(away)("answers 503 while the provider is away at first use, and logs in once it is back", async () => {
      await using it = await stage(example);
      const { server, app, asked } = it;
      server.fault({ at: "metadata", kind: "status", status: 503 });
      const browser = createUserAgent();
      for (let count = 0; count < 2; count++) {
        const page = await browser.navigate(`${app.url}/auth/login`);
        expect([page.status, page.setCookies]).toEqual([503, []]);
        expect(page.body).toContain("provider_unavailable");
      }
      expect(asked()).toBe(1);
      expect((await browser.navigate(app.url)).status).toBe(200);
      server.clearFaults();
      await expect
        .poll(async () => (await browser.navigate(`${app.url}/auth/login`, { follow: false })).status, {
          ...{ timeout: 20_000, interval: 500 },
        })
        .toBe(302);
    });
  });
}
