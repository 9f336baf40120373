import type { ProfileRule } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { createAuth, defineProvider, fromRequest, memoryStore, type PixyEvent, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createUserAgent } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { secret } from "../lib/web-app.ts";

const origin = "https://app.example";
const profile: ProfileRule = {
  ...{ url: "https://accounts.spotify.com/v1/me", id: "id", name: "display_name", email: "email" },
  ...{ picture: ["images", 0, "url"], scopes: ["user-read-private", "user-read-email"] },
};
const provider = defineProvider({
  ...{ name: "spotify", issuer: spotify.issuer, authorizationEndpoint: spotify.authorizationEndpoint },
  ...{ tokenEndpoint: spotify.tokenEndpoint, revocationEndpoint: "https://accounts.spotify.com/api/revoke", profile },
});

/** An app without an API of its own, whose start page greets by name. */
function createApp<Data>(options: Partial<PixyOptions<Data>> = {}) {
  const events: PixyEvent[] = [];
  const server = createAuthorizationServer({ issuer: spotify.issuer, paths: { revoke: "/api/revoke" } });
  const auth = createAuth<Data>({
    ...{ provider, clientId: "client-of-the-app", baseUrl: origin, secret, scope: ["playlist-read-private"] },
    ...{ fetch: server.fetch, onEvent: (event: PixyEvent) => void events.push(event) },
    ...options,
  } as PixyOptions<Data>);
  async function answer(request: Request): Promise<Response> {
    const incoming = fromRequest(request);
    const handle = auth.open(incoming);
    if (auth.routeOf(incoming) !== null) return auth.respond(handle);
    return Response.json((await handle.session())?.data ?? null);
  }
  const fetchers = { [origin]: answer, [spotify.issuer]: (request: Request) => server.fetch(request) };
  const browser = createUserAgent({ fetchers });
  const kinds = (kind: string) => server.requests.filter((request) => request.kind === kind);
  return {
    server,
    events,
    browser,
    kinds,
    logIn: () => browser.login(`${origin}/auth/login?returnTo=/`, { person: "ada" }),
  };
}

describe("without onLogin a session", () => {
  it.each([
    ["in a cookie", undefined],
    ["in a store", memoryStore()],
  ])("holds who the person is, and the start page greets without asking the provider, %s", async (_where, store) => {
    const { server, browser, logIn, kinds } = createApp({ store });
    const page = await logIn();
    expect(page.json()).toMatchObject({ id: "ada-1815", name: "Ada Lovelace", emailVerified: null });
    expect(page.json()).not.toHaveProperty("raw");
    server.fault({ at: "api", kind: "status", status: 503 });
    expect((await browser.navigate(`${origin}/`)).json()).toMatchObject({ name: "Ada Lovelace" });
    expect(kinds("api")).toHaveLength(1);
  });

  it("asks for the scopes that the profile needs, beside the app's", async () => {
    const { kinds, logIn } = createApp();
    await logIn();
    const asked = new URL(kinds("authorize")[0]?.url ?? "").searchParams.get("scope");
    expect(asked).toBe("playlist-read-private user-read-private user-read-email");
  });

  it("holds null where the provider does not say who it is: the login stands, and that is told", async () => {
    const { server, events, kinds, logIn } = createApp();
    server.fault({ at: "api", kind: "status", status: 503 });
    expect((await logIn()).json()).toBeNull();
    expect(events.map(({ type }) => type)).toEqual(["login.started", "profile.failed", "login.completed"]);
    expect(kinds("revoke")).toEqual([]);
  });

  it("holds null and asks for nothing with profile: false", async () => {
    const { kinds, logIn } = createApp({ profile: false });
    expect((await logIn()).json()).toBeNull();
    expect(new URL(kinds("authorize")[0]?.url ?? "").searchParams.get("scope")).toBe("playlist-read-private");
    expect(kinds("api")).toEqual([]);
  });
});

describe("with onLogin", () => {
  it("the profile is there to ask for, once, with all that the provider said", async () => {
    const { kinds, logIn } = createApp<object>({
      onLogin: async (login) => {
        const [one, same] = await Promise.all([login.profile(), login.profile()]);
        return { is: one === same, id: one.id, country: String(one.raw.id) };
      },
    });
    expect((await logIn()).json()).toEqual({ is: true, id: "ada-1815", country: "ada-1815" });
    expect(kinds("api")).toHaveLength(1);
  });

  it("the login ends with 503 where it asked and the provider is away; the tokens are revoked", async () => {
    const { server, events, browser, kinds, logIn } = createApp<object>({
      onLogin: (login) => login.profile() as never,
    });
    server.fault({ at: "api", kind: "status", status: 503 });
    const page = await logIn();
    expect([page.status, page.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(page.body).toContain("profile_unavailable");
    await expect.poll(() => kinds("revoke").length).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: "login.failed", code: "profile_unavailable" });
    expect((await browser.navigate(`${origin}/`)).json()).toBeNull();
    // The code is spent: a reload finds no second exchange.
    expect(kinds("token")).toHaveLength(1);
  });

  it("the login stands where the app catches that", async () => {
    const { server, logIn } = createApp<object>({
      onLogin: async (login) => ({
        name: await login.profile().then(
          ({ name }) => name,
          () => "somebody",
        ),
      }),
    });
    server.fault({ at: "api", kind: "status", status: 503 });
    expect((await logIn()).json()).toEqual({ name: "somebody" });
  });
});
