import { spotifyAt } from "@pixy/providers/spotify";
import { diagnose, discover } from "@pixy/server";
import { createAuthorizationServer, serve } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { freePort } from "../../tools/lib/port.ts";
import { listen } from "../lib/listen.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
const baseUrl = "https://app.test";

/** What is found about a provider; nothing but the provider is reached. */
async function check(url: string, now?: () => number) {
  const onlyProvider: typeof fetch = async (input, init) => {
    if (new URL(String(input)).origin !== new URL(url).origin) throw new Error("not now");
    return fetch(input, init);
  };
  const options = { provider: spotifyAt(url), clientId: "client", baseUrl, secret, fetch: onlyProvider, now };
  const codes = ["base_url", "redirect_uri", "cookies", "secret", "site_unreachable", "store"];
  return (await diagnose(options)).filter(({ code }) => !codes.includes(code));
}

async function checkAnswer(status: number, headers: Record<string, string>, body = "", now?: () => number) {
  const server = await listen((_request, response) => response.writeHead(status, headers).end(body));
  try {
    return await check(server.url, now);
  } finally {
    await server.close();
  }
}

describe("checkProvider", () => {
  it("finds a provider that shows its login, and the same time of day", async () => {
    const server = createAuthorizationServer();
    const provider = await serve(server);
    try {
      const found = await check(provider.url);
      expect(found.map(({ level, code }) => `${level} ${code}`)).toEqual(["fine provider", "fine clock"]);
      expect(server.violations).toEqual([]);
    } finally {
      await provider.close();
    }
  });

  it("finds each of several, and one that is found at first use by its metadata", async () => {
    const server = createAuthorizationServer();
    const provider = await serve(server);
    try {
      const clientId = "client";
      const nowhere = `http://127.0.0.1:${await freePort()}`;
      const providers = {
        found: { provider: () => discover(provider.url, { allowInsecureLoopback: true }), clientId },
        given: { provider: spotifyAt(provider.url), clientId },
        lost: { provider: () => discover(nowhere, { allowInsecureLoopback: true }), clientId },
        other: { provider: () => discover(`${provider.url}/`, { allowInsecureLoopback: true }), clientId },
      };
      const found = await diagnose({ providers, baseUrl, secret, onEvent() {} });
      const told = found.filter(({ code }) => /^(redirect_uri|provider)/.test(code));
      expect(told.map(({ level, code }) => `${level} ${code}`)).toEqual([
        ...["fine redirect_uri", "fine redirect_uri", "fine redirect_uri", "fine redirect_uri"],
        ...["fine provider", "fine provider", "failure provider_not_found", "failure provider_not_found"],
      ]);
      expect(told.at(-2)).toMatchObject({ message: expect.stringMatching(/^lost cannot be found: .*ECONNREFUSED/) });
      expect(told.at(-1)).toMatchObject({ hint: expect.stringContaining("Write the issuer exactly") });
      expect(server.violations).toEqual([]);
    } finally {
      await provider.close();
    }
  });

  it("fails, with the provider's words, for a redirect URI that is not registered", async () => {
    const clients = [{ clientId: "client", redirectUris: ["https://other.test/auth/callback"] }];
    const provider = await serve(createAuthorizationServer({ clients }));
    try {
      expect((await check(provider.url))[0]).toMatchObject({
        level: "failure",
        code: "provider_refuses",
        message: expect.stringContaining("https://app.test/auth/callback is not registered"),
        hint: expect.stringContaining("Register https://app.test/auth/callback"),
      });
    } finally {
      await provider.close();
    }
  });

  it("fails for what the provider reports to the redirect URI", async () => {
    const location = `${baseUrl}/auth/callback?error=invalid_scope&error_description=No+such+scope`;
    expect((await checkAnswer(302, { location }))[0]).toMatchObject({
      level: "failure",
      message: "spotify refuses the login: invalid_scope (No such scope).",
    });
  });

  it("fails when nothing answers", async () => {
    const server = await listen(() => {});
    await server.close();
    expect(await check(server.url)).toMatchObject([{ level: "failure", code: "provider_unreachable" }]);
  });

  it.each([
    [503, "warning", "provider_fails"],
    [403, "warning", "provider_refuses"],
    [404, "failure", "provider_refuses"],
  ])("takes %d for a %s", async (status, level, code) => {
    expect((await checkAnswer(status, {}))[0]).toMatchObject({ level, code });
  });

  it.each([
    [0, "fine", "agrees"],
    [60_000, "fine", "agrees"],
    [200_000, "warning", "200 seconds ahead of"],
    [-3_600_000, "warning", "3600 seconds behind"],
  ])("compares a clock that is %d milliseconds off", async (offset, level, words) => {
    const date = "Tue, 24 Nov 2026 12:00:00 GMT";
    // A minute is tolerated; the answer was a second in a cache.
    const now = () => Date.parse(date) + 1_000 + offset;
    const [, clock] = await checkAnswer(200, { date, age: "1" }, "", now);
    expect(clock).toMatchObject({ level, message: expect.stringContaining(words) });
  });
});
