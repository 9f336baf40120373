import { serve as serveNode } from "@hono/node-server";
import { Scopes, showDialog, spotify } from "@pixy/providers/spotify";
import { ConfigurationError, type PixyEvent, type PixyOptions } from "@pixy/server";
import { createAuthorizationServer, createClock, createUserAgent, type UserAgent } from "@pixy/testing";
import { type Context, type ExecutionContext, Hono } from "hono";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { type AuthEnv, pixy } from "./pixy.ts";

const origin = "https://app.test";
const secret = "46dec-zk2J9UI8i-ALQ07v75p5s-a_7M-MKrhWAmQLU";

afterEach(() => vi.restoreAllMocks());

/** What Deno makes of a request whose connection has become a WebSocket. */
class UpgradedRequest extends Request {
  isClosed = false;

  override get headers(): Headers {
    if (this.isClosed) throw new TypeError("Request closed");
    return super.headers;
  }
}

interface Fetchable {
  request: Hono["request"];
  fetch: Hono["fetch"];
}

/** A provider, the options of a login there, and a browser that reaches `app` at `origin`. */
function world(): {
  provider: ReturnType<typeof createAuthorizationServer>;
  clock: ReturnType<typeof createClock>;
  options: PixyOptions<{ displayName: string }>;
  events: PixyEvent[];
  browse(app: Fetchable, bindings?: object, context?: ExecutionContext): UserAgent;
} {
  const clock = createClock();
  const provider = createAuthorizationServer({ issuer: "https://accounts.spotify.com", autoApprove: "ada", clock });
  const events: PixyEvent[] = [];
  return {
    provider,
    clock,
    events,
    options: {
      provider: spotify,
      clientId: "client",
      baseUrl: origin,
      secret,
      scope: [Scopes.UserReadPrivate],
      onLogin: async (login) => {
        const profile = (await (await login.fetch("/v1/me")).json()) as { display_name: string };
        return { displayName: profile.display_name };
      },
      onEvent: (event) => events.push(event),
      fetch: provider.fetch as typeof fetch,
      now: clock.now,
    },
    browse: (app, bindings, context) =>
      createUserAgent({
        fetchers: {
          [origin]: async (request) => app.fetch(request, bindings, context),
          "https://accounts.spotify.com": (request) => provider.fetch(request),
        },
      }),
  };
}

function appOf(options: PixyOptions<{ displayName: string }>): Hono<AuthEnv<{ displayName: string }>> {
  const auth = pixy(options);
  const app = new Hono<AuthEnv<{ displayName: string }>>();
  app.route("/auth", auth.routes());
  app.use(auth.middleware());
  app.get("/", async (c) => c.text((await c.var.auth.session())?.data.displayName ?? "nobody"));
  app.get("/me", auth.requireLogin(), async (c) => c.json(await (await c.var.auth.fetch("/v1/me")).json()));
  app.get("/raw", auth.requireLogin(), (c) => c.var.auth.fetch("/v1/me"));
  app.get("/playlists", auth.requireScope(Scopes.PlaylistReadPrivate), (c) => c.json({ by: c.var.auth.current.id }));
  app.get("/unguarded", async (c) => c.json(await (await c.var.auth.fetch("/v1/me")).json()));
  app.get("/public", (c) => c.json({ ok: true }));
  app.get("/switch", auth.requireLogin(), (c) => auth.login(c, { parameters: showDialog, returnTo: "/me" }));
  app.get("/leave", async (c) => {
    await auth.logout(c);
    return c.text("left");
  });
  return app;
}

describe("pixy", () => {
  it("touches no session where nobody asks for one", async () => {
    const { options, browse } = world();
    const browser = browse(appOf(options));
    await browser.navigate(`${origin}/me`);
    const page = await browser.navigate(`${origin}/public`);
    expect(page.headers.get("cache-control")).toBeNull();
    expect(page.headers.get("vary")).toBeNull();
    expect(page.headers.getSetCookie()).toEqual([]);
  });

  it("puts the refreshed session onto a response of fetch(), whose headers are immutable", async () => {
    const { options, browse, provider, clock } = world();
    const browser = browse(appOf(options));
    await browser.navigate(`${origin}/me`);
    clock.advance(3_600_000);
    const page = await browser.navigate(`${origin}/raw`);
    expect(page.status).toBe(200);
    expect(page.headers.getSetCookie()).toHaveLength(1);
    expect(page.headers.get("cache-control")).toContain("no-store");
    await browser.navigate(`${origin}/raw`);
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it.each([
    ["a refresh", () => {}, 200],
    ["the end of the login", (provider: ReturnType<typeof world>["provider"]) => provider.revokeGrants(), 401],
  ])(
    "asks the request nothing more once a handler has upgraded it, as Deno demands, after %s",
    async (_what, spoil, status) => {
      const { options, browse, provider, clock } = world();
      const app = appOf(options);
      app.get("/upgraded", async (c) => {
        const login = await c.var.auth.signedIn();
        (c.req.raw as UpgradedRequest).isClosed = true;
        return c.text("upgraded", login ? 200 : 401);
      });
      const browser = browse(app);
      await browser.navigate(`${origin}/me`);
      clock.advance(3_600_000);
      spoil(provider);
      const cookie = (await browser.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
      const response = await app.fetch(new UpgradedRequest(`${origin}/upgraded`, { headers: { cookie } }));
      expect([response.status, await response.text()]).toEqual([status, "upgraded"]);
      expect(response.headers.getSetCookie()).toHaveLength(1);
    },
  );

  it("hands the refresh to waitUntil, so that it outlives the client", async () => {
    const { options, browse, clock } = world();
    const promises: Promise<unknown>[] = [];
    const context = {
      waitUntil: (promise: Promise<unknown>) => void promises.push(promise),
      passThroughOnException: () => {},
      props: {},
    };
    const browser = browse(appOf(options), {}, context);
    await browser.navigate(`${origin}/me`);
    expect(promises).toHaveLength(0);
    clock.advance(3_600_000);
    await browser.navigate(`${origin}/me`);
    expect(promises.length).toBeGreaterThan(0);
    await Promise.all(promises);
  });

  it("logs nobody out who leaves while the provider is asked for new tokens", async () => {
    const { options, browse, provider, clock } = world();
    provider.configure({ rotation: "strict" });
    const app = appOf(options);
    const browser = browse(app);
    await browser.navigate(`${origin}/me`);
    clock.advance(3_600_000);
    const cookie = (await browser.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    provider.fault({ at: "token", kind: "delay", milliseconds: 50, times: 1 });
    const leaving = new AbortController();
    const asked = app.request(`${origin}/me`, { headers: { cookie }, signal: leaving.signal });
    while (provider.tokenRequests("refresh_token").length === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await asked;
    clock.advance(8 * 3_600_000);
    expect((await browser.call(`${origin}/me`)).status).toBe(200);
    expect(provider.violations).toEqual([]);
  });

  it("D1 answers an error of ours that a handler threw, and Hono prints none of them", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    const { options, browse, provider, clock } = world();
    const app = appOf(options);
    const response = await app.request("/unguarded");
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([401, "login_required"]);
    const browser = browse(app);
    await browser.navigate(`${origin}/me`);
    clock.advance(3_600_000);
    provider.fault({ at: "token", kind: "status", status: 503 });
    const down = await browser.call(`${origin}/unguarded`);
    expect([down.status, JSON.parse(down.body).code]).toEqual([503, "provider_unavailable"]);
    expect(down.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(down.headers.getSetCookie()).toEqual([]);
    expect(printed).not.toHaveBeenCalled();
  });

  it("ends a dead login once, and takes its cookie away", async () => {
    const { options, browse, provider, clock } = world();
    const browser = browse(appOf(options));
    await browser.navigate(`${origin}/me`);
    clock.advance(3_600_000);
    provider.revokeGrants();
    const dead = await browser.call(`${origin}/unguarded`);
    expect([dead.status, JSON.parse(dead.body).code]).toEqual([401, "reauth_required"]);
    expect(
      (await browser.cookies(origin)).map((cookie) => cookie.name).filter((name) => !name.endsWith("-done")),
    ).toEqual([]);
    expect(JSON.parse((await browser.call(`${origin}/me`)).body).code).toBe("login_required");
    expect(provider.tokenRequests("refresh_token")).toHaveLength(1);
  });

  it("leaves an error to the app's onError where that chooses a status", async () => {
    const { options } = world();
    const app = appOf(options).onError((error, c) => c.text(`mine: ${error.message}`, 418));
    const response = await app.request("/unguarded");
    expect([response.status, await response.text()]).toEqual([418, "mine: Nobody is logged in."]);
  });

  it("makes an onError that answers errors of ours and leaves the others", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => {});
    const { options } = world();
    const auth = pixy(options);
    const app = new Hono<AuthEnv<{ displayName: string }>>();
    app.onError(auth.errorHandler((error, c) => c.text(`mine: ${error.message}`, 500)));
    app.get("/early", () => {
      throw new Error("early");
    });
    app.use(auth.middleware());
    app.get("/me", async (c) => c.json(await c.var.auth.requireSession()));
    app.get("/broken", () => {
      throw new Error("broken");
    });
    const response = await app.request("/me");
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([401, "login_required"]);
    for (const path of ["early", "broken"]) {
      const other = await app.request(`/${path}`);
      expect([other.status, await other.text()]).toEqual([500, `mine: ${path}`]);
    }
    expect(printed).not.toHaveBeenCalled();
  });

  it("leaves errors of others alone", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { options } = world();
    const app = appOf(options).get("/broken", () => {
      throw new Error("broken");
    });
    const response = await app.request("/broken");
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
  });

  it("keeps what Hono makes of an error in the guard itself out of caches", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { options } = world();
    const failing = () => {
      throw new Error("the app's own page of an error fails");
    };
    const auth = pixy({ ...options, onError: failing });
    const app = new Hono().get("/me", auth.requireLogin(), (c) => c.text("in"));
    const response = await app.request("/me");
    expect([response.status, response.headers.get("cache-control")]).toEqual([500, "private, no-store"]);
  });

  it("warns once of a stream that read the session when its answer had left", async () => {
    const { options, events } = world();
    const app = appOf(options);
    app.get("/late", async (c) => {
      const body = new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            await c.var.auth.session();
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
      return c.body(body, 200, c.req.query("told") ? { "cache-control": "no-store" } : {});
    });
    await (await app.request("/late?told=1")).text();
    expect(events).toEqual([]);
    for (const _ of [1, 2]) await (await app.request("/late")).text();
    expect(events).toEqual([expect.objectContaining({ code: "session_read_late" })]);
  });

  it("starts a login and ends a session from a handler", async () => {
    const { options, browse } = world();
    const browser = browse(appOf(options));
    await browser.navigate(`${origin}/me`);
    const again = await browser.login(`${origin}/switch`, { person: "grace" });
    expect(again.url).toBe(`${origin}/me`);
    expect(JSON.parse(again.body).display_name).toBe("Grace Hopper");
    expect((await browser.navigate(`${origin}/leave`)).body).toBe("left");
    expect((await browser.navigate(`${origin}/`)).body).toBe("nobody");
  });

  it("lets a login and a logout have the last word over middleware that read the session", async () => {
    const { options, browse } = world();
    const auth = pixy(options);
    const app = new Hono<AuthEnv<{ displayName: string }>>();
    app.use(auth.middleware(), async (c, next) => {
      await c.var.auth.session();
      await next();
    });
    app.route("/auth", auth.routes());
    app.get("/", async (c) => c.text((await c.var.auth.session())?.data.displayName ?? "nobody"));
    const browser = browse(app);
    await browser.navigate(`${origin}/auth/login`);
    await browser.navigate(`${origin}/auth/login`);
    expect((await browser.navigate(`${origin}/`)).body).toBe("Ada Lovelace");
    await browser.submit(`${origin}/auth/logout`);
    expect((await browser.navigate(`${origin}/`)).body).toBe("nobody");
  });
});

describe("options that depend on bindings", () => {
  interface Bindings {
    readonly CLIENT: string;
    readonly SECRET: string;
  }

  function boundApp(): { app: Hono; resolved: Bindings[]; browse: ReturnType<typeof world>["browse"] } {
    const { options, browse } = world();
    const resolved: Bindings[] = [];
    const auth = pixy((bindings: Bindings) => {
      resolved.push(bindings);
      return { ...options, clientId: bindings.CLIENT, secret: bindings.SECRET };
    });
    const app = new Hono();
    app.route("/auth", auth.routes());
    app.use(auth.middleware());
    app.get("/me", auth.requireLogin(), (c) => c.text(c.var.auth.current.data.displayName));
    return { app, resolved, browse };
  }

  it("are resolved once in a hundred requests", async () => {
    const { app, resolved } = boundApp();
    const bindings = { CLIENT: "one", SECRET: secret };
    for (let count = 0; count < 100; count++) await app.request(`${origin}/me`, {}, bindings);
    expect(resolved).toEqual([bindings]);
  });

  it("are resolved once in a hundred requests to Node's server", async () => {
    const { options } = world();
    let resolved = 0;
    const auth = pixy((environment: NodeJS.ProcessEnv) => {
      expect(environment).toBe(process.env);
      resolved++;
      return { ...options, baseUrl: "http://127.0.0.1:3003" };
    });
    const app = new Hono().get("/me", auth.requireLogin(), (c) => c.text("me"));
    const { server, port } = await new Promise<{ server: ReturnType<typeof serveNode>; port: number }>((resolve) => {
      const server = serveNode({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) =>
        resolve({ server, port: address.port }),
      );
    });
    try {
      for (let count = 0; count < 100; count++) {
        const response = await fetch(`http://127.0.0.1:${port}/me`);
        expect(response.status).toBe(401);
        await response.arrayBuffer();
      }
      expect(resolved).toBe(1);
    } finally {
      server.close();
    }
  });

  it("serve several bindings from one module, with client ids and secrets of their own", async () => {
    const { app, browse } = boundApp();
    const one = { CLIENT: "one", SECRET: secret };
    const two = { CLIENT: "two", SECRET: "-SlqoIQXEHmox2gQWLY3GWnf25oMyunGYP8s6trpvbQ" };
    for (const bindings of [one, two]) {
      const response = await app.request(`${origin}/auth/login`, {}, bindings);
      expect(new URL(response.headers.get("location") ?? "").searchParams.get("client_id")).toBe(bindings.CLIENT);
    }
    const browser = browse(app, one);
    expect((await browser.navigate(`${origin}/me`)).body).toBe("Ada Lovelace");
    const cookie = (await browser.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    expect((await app.request(`${origin}/me`, { headers: { cookie } }, one)).status).toBe(200);
    expect((await app.request(`${origin}/me`, { headers: { cookie } }, two)).status).toBe(401);
  });
});

describe("mounting", () => {
  it("works under any prefix and inside another app", async () => {
    const { options, browse } = world();
    const auth = pixy({ ...options, baseUrl: `${origin}/shop`, authPath: "/sign/in" });
    const shop = new Hono();
    shop.route("/sign/in", auth.routes());
    shop.get("/me", auth.requireLogin(), (c) => c.text(c.var.auth.current.data.displayName));
    const nested = new Hono().route("/shop", shop);
    const mounted = new Hono().mount("/shop", shop.fetch);
    for (const app of [nested, mounted]) {
      const browser = browse(app);
      const page = await browser.navigate(`${origin}/shop/me`);
      expect([page.url, page.body]).toEqual([`${origin}/shop/me`, "Ada Lovelace"]);
    }
  });

  it("at the root lets every other request pass, and answers a callback that lies elsewhere", async () => {
    const { options, browse } = world();
    const auth = pixy({ ...options, callbackPath: "/back" });
    const app = new Hono().route("/", auth.routes()).get("/login", (c) => c.text("the app's own"));
    const browser = browse(app);
    await browser.navigate(`${origin}/auth/login?returnTo=/login`);
    expect(browser.page?.body).toBe("the app's own");
    expect(browser.hops.map((hop) => new URL(hop.url).pathname)).toContain("/back");
  });

  it("at another path says so once, and is no error", async () => {
    const { options, events } = world();
    const app = new Hono().route("/signin", pixy(options).routes());
    for (const path of ["/signin/other", "/signin/login", "/signin/login/"]) {
      expect((await app.request(origin + path)).status).toBe(404);
    }
    expect(events).toEqual([expect.objectContaining({ type: "set-up.warning", code: "routes_mounted_elsewhere" })]);
    expect(events[0]).toHaveProperty(
      "message",
      expect.stringContaining('Mount it with app.route("/auth", auth.routes()), or set authPath: "/signin".'),
    );
  });

  it.each([
    ["at authPath", "", (routes: Hono) => new Hono().route("/auth", routes)],
    ["below the base path", "/shop", (routes: Hono) => new Hono().route("/shop", new Hono().route("/auth", routes))],
    ["at the root", "", (routes: Hono) => new Hono().route("/", routes)],
    ["with a parameter", "/en", (routes: Hono) => new Hono().route("/:lang/auth", routes)],
    ["in another app", "/shop", (routes: Hono) => new Hono().mount("/shop", new Hono().route("/auth", routes).fetch)],
  ])("%s answers strangers with 404 and warns nobody", async (_where, prefix, mount) => {
    const { options, events } = world();
    const app = mount(pixy({ ...options, baseUrl: origin + prefix }).routes());
    const errors: unknown[] = [];
    app.onError((error, c) => {
      errors.push(error);
      return c.text("error", 500);
    });
    const paths = ["/AUTH/login", "/auth//login", "/auth/x/login", "/auth/login//", "/auth/%", "/auth"];
    for (const path of [...paths, ...paths.map((path) => prefix + path), "/other/auth/login", "/other/auth/x"]) {
      for (const method of ["GET", "POST", "PROPFIND"]) {
        expect([path, (await app.request(origin + path, { method })).status]).toEqual([path, 404]);
      }
    }
    expect((await app.request(`${origin}${prefix}/auth/session`)).status).toBe(200);
    expect([events, errors]).toEqual([[], []]);
  });

  it("keeps two instances in one app apart", async () => {
    const { options, browse } = world();
    const one = pixy({ ...options, name: "one", authPath: "/one" });
    const two = pixy({ ...options, name: "two", authPath: "/two", clientId: "second" });
    const app = new Hono().route("/one", one.routes()).route("/two", two.routes());
    app.use(one.middleware(), two.middleware());
    const id = async (c: Context, auth: typeof one): Promise<string> =>
      (await auth.of(c).session())?.clientId ?? "nobody";
    app.get("/", async (c) => c.text(`${await id(c, one)} ${await id(c, two)}`));
    const browser = browse(app);
    await browser.navigate(`${origin}/two/login`);
    expect(browser.page?.body).toBe("nobody second");
    await browser.navigate(`${origin}/one/login`);
    expect(browser.page?.body).toBe("client second");
  });

  it("names the missing middleware", async () => {
    const { options } = world();
    const auth = pixy(options);
    let seen: unknown;
    const app = new Hono()
      .get("/", (c) => c.text(String(auth.of(c))))
      .onError((error, c) => {
        seen = error;
        return c.text("seen", 500);
      });
    await app.request("/");
    expect(ConfigurationError.isInstance(seen) && seen.hint).toContain("app.use(auth.middleware())");
  });
});

describe("types", () => {
  it("infers the app's data, and tells a signed-in handle", () => {
    // What pages may know of other data says nothing of this.
    const { publicData: _publicData, ...options } = world().options;
    const auth = pixy({ ...options, onLogin: () => ({ visits: 1 }) });
    const app = new Hono<AuthEnv<{ visits: number }>>();
    app.use(auth.middleware());
    app.get("/", async (c) => {
      expectTypeOf(await c.var.auth.session()).toExtend<{ data: { visits: number } } | null>();
      // @ts-expect-error: nobody may be logged in here
      void c.var.auth.accessToken;
      return c.text("");
    });
    app.get("/me", auth.requireLogin(), (c) => {
      expectTypeOf(c.var.auth.current.data).toEqualTypeOf<{ visits: number }>();
      expectTypeOf(c.var.auth.accessToken()).toEqualTypeOf<Promise<string>>();
      return c.text("");
    });
    const bound = pixy((_: { CLIENT: string }) => ({ ...options, onLogin: () => ({ visits: 1 }) }));
    new Hono().get("/", bound.requireScope("a"), (c) => c.json(c.var.auth.current.data.visits));
    // @ts-expect-error: a guard without a scope guards nothing
    void (() => auth.requireScope());
  });

  it("refuses options that cannot work at once", () => {
    const { options } = world();
    expect(() => pixy({ ...options, baseUrl: "http://app.test" })).toThrow(ConfigurationError);
  });
});
