import { spotify } from "@pixy/providers/spotify";
import { fromRequest, memoryStore, type PixyOptions } from "@pixy/server";
import { createUserAgent, type UserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, otherSecret, type Profile, type WebApp } from "../lib/web-app.ts";

const origin = "https://app.example";

/** Two logins on one host, the second below `/second`, and a browser in which Ada is logged in at the first. */
async function stage(second: Partial<PixyOptions<Profile>>, both: Partial<PixyOptions<Profile>> = {}) {
  const one = createWebApp({ options: { ...both, onEvent: () => {} } });
  const { fetch } = one.provider;
  const options = { fetch, baseUrl: `${origin}/second`, onEvent: () => {}, ...both, ...second };
  const two = createWebApp({ clock: one.clock, options });
  const browser = createUserAgent({
    fetchers: {
      [origin]: (request) => (new URL(request.url).pathname.startsWith("/second") ? two : one).fetch(request),
      [new URL(spotify.issuer).origin]: (request) => one.provider.fetch(request),
    },
  });
  await browser.login(`${origin}/auth/login`, { person: "ada" });
  return { browser, two };
}

async function cookieHeader(browser: UserAgent): Promise<string> {
  return (await browser.cookies(`${origin}/`)).map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** The Set-Cookie lines of a logout by code of the second app, for what this browser sends. */
async function logoutLines({ auth }: WebApp, browser: UserAgent): Promise<readonly unknown[]> {
  const cookie = await cookieHeader(browser);
  const handle = auth.open(fromRequest(new Request(`${origin}/second/`, { headers: { cookie } })));
  await auth.logout(handle);
  return handle.takeResponseHeaders().filter(([name]) => name === "set-cookie");
}

describe.each<[string, Partial<PixyOptions<Profile>>, Partial<PixyOptions<Profile>>?]>([
  ["of another client", { clientId: "another-client" }],
  ["with another secret", { secret: otherSecret }],
  ["with a store of its own", { store: memoryStore({ name: "second" }) }],
  [
    "with a store, where the first has another",
    { store: memoryStore({ name: "two" }) },
    { store: memoryStore({ name: "one" }) },
  ],
  ["on the same store", { clientId: "another-client" }, { store: memoryStore({ name: "both" }) }],
])("a second login with the same name, %s", (_how, second, both) => {
  it("takes no session of the first from the browser: not by a visit, nor by a logout", async () => {
    const { browser, two } = await stage(second, both);
    const before = await cookieHeader(browser);
    expect((await browser.navigate(`${origin}/second/`)).body).toBe("Log in");
    expect((await browser.call(`${origin}/second/me`)).status).toBe(401);
    expect(await cookieHeader(browser)).toBe(before);
    expect((await browser.submit(`${origin}/second/auth/logout`, {}, { follow: false })).status).toBe(303);
    expect(await logoutLines(two, browser)).toEqual([]);
    expect(await cookieHeader(browser)).toBe(before);
    expect((await browser.navigate(`${origin}/`)).body).toBe("Hello Ada Lovelace");
  });
});
