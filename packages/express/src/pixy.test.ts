import { createServer, type IncomingMessage, request, type Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { showDialog, spotify } from "@pixy/providers/spotify";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
  createClock,
  createUserAgent,
  type Hop,
  type Page,
} from "@pixy/testing";
import express5, { type Express, type Response as ExpressResponse, type NextFunction, type Request } from "express";
// @ts-expect-error The types are those of Express 5.
import express4 from "express4";
import { afterEach, describe, expect, expectTypeOf, it } from "vitest";
import { type Pixy, type PixyOptions, type Profile, pixy, type RequestHandle, type SignedIn } from "./index.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";
const provider = spotify.authorizationEndpoint;

interface Person {
  readonly name: string;
}

interface World {
  readonly origin: string;
  readonly authorizationServer: AuthorizationServer;
  readonly browser: ReturnType<typeof createUserAgent>;
  logIn(path?: string): Promise<Page>;
}

type Options = Partial<PixyOptions<Person>> & { readonly prefix?: string };
type Build = (app: Express, auth: Pixy<Person>, make: (options: Options) => Pixy<Person>) => void;

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe.each([
  ["Express 5", express5],
  ["Express 4.21", express4 as unknown as typeof express5],
])("%s", (_name, express) => {
  /** Starts a real app on a free port; the provider answers without a network. */
  async function start(
    build: Build,
    options: Options = {},
    provided: AuthorizationServerOptions = {},
    beside: (server: Server, app: Express) => void = () => {},
  ): Promise<World> {
    const authorizationServer = createAuthorizationServer({ issuer: spotify.issuer, ...provided });
    const app = express();
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const make = ({ prefix = "", ...more }: Options) =>
      pixy<Person>({
        provider: spotify,
        clientId: "app",
        baseUrl: origin + prefix,
        secret,
        scope: ["user-read-private"],
        fetch: authorizationServer.fetch,
        onLogin: async (login) => {
          const profile = (await (await login.fetch("/v1/me")).json()) as { display_name: string };
          return { name: profile.display_name };
        },
        ...more,
      });
    build(app, make(options), make);
    beside(server, app);
    const browser = createUserAgent({
      fetchers: { [new URL(provider).origin]: (request) => authorizationServer.fetch(request) },
    });
    return {
      origin,
      authorizationServer,
      browser,
      logIn: (path = "/") => browser.login(origin + path, { person: "ada" }),
    };
  }

  function standard(app: Express, auth: Pixy<Person>): void {
    app.use("/auth", auth.routes());
    app.use(auth.middleware());
    app.get("/public", (_req, res) => void res.json({ ok: true }));
    app.get("/me", auth.requireLogin(), (req, res, next) => {
      relay(auth.of(req).fetch("/v1/me"), res, next);
    });
    app.get("/playlists", auth.requireScope("playlist-read-private"), (_req, res, next) => {
      relay(res.locals.auth.fetch("/v1/me/playlists"), res, next);
    });
  }

  it("leaves answers alone that never asked for the session", async () => {
    const { origin, logIn, browser } = await start(standard);
    await logIn("/me");
    const headers = (await browser.call(`${origin}/public`)).hops[0];
    expect(header(headers, "cache-control")).toBeNull();
    expect(header(headers, "set-cookie")).toBeNull();
    expect(header(headers, "vary")).toBeNull();
  });

  it("works behind a proxy that strips the prefix", async () => {
    const { origin, logIn } = await start(
      (app, auth) => {
        const inner = express();
        standard(inner, auth);
        // What a stripping proxy does to the request line.
        app.use((req, _res, next) => {
          req.url = req.url.replace(/^\/shop/, "");
          req.originalUrl = req.url;
          next();
        });
        app.use(inner);
      },
      { prefix: "/shop" },
    );
    const page = await logIn("/shop/me");
    expect(page.url).toBe(`${origin}/shop/me`);
    expect(page.status).toBe(200);
  });

  it("works at the root, and passes on what is not ours", async () => {
    const { logIn, browser } = await start((app, auth) => {
      app.use(auth.routes());
      app.get("/me", auth.requireLogin(), (_req, res) => void res.json(res.locals.auth.current.data));
      app.get("/auth/about", (_req, res) => void res.send("about"));
    });
    expect(JSON.parse((await logIn("/me")).body)).toEqual({ name: "Ada Lovelace" });
    expect((await browser.call("/auth/about")).body).toBe("about");
    expect((await browser.call("/auth/nothing")).status).toBe(404);
  });

  it("names the line to write when the routes are mounted elsewhere, once, and is no error", async () => {
    const warnings: string[] = [];
    const { origin, browser } = await start(
      (app, auth) => {
        app.use("/account", auth.routes());
        app.use(showError);
      },
      { onEvent: (event) => void (event.type === "set-up.warning" && warnings.push(event.message)) },
    );
    for (const path of ["/account/profile", "/account/login", "/ACCOUNT/login", "/elsewhere"]) {
      expect((await browser.navigate(origin + path)).status).toBe(404);
    }
    expect(warnings).toEqual([expect.stringContaining('app.use("/auth", auth.routes())')]);
    expect(warnings[0]).toContain('authPath: "/account"');
  });

  it.each([
    ["at authPath", "", (app: Express, auth: Pixy<Person>) => void app.use("/auth", auth.routes())],
    ["below the base path", "/shop", (app: Express, auth: Pixy<Person>) => void app.use("/shop/auth", auth.routes())],
    ["at the root", "", (app: Express, auth: Pixy<Person>) => void app.use(auth.routes())],
    ["with a parameter", "/en", (app: Express, auth: Pixy<Person>) => void app.use("/:lang/auth", auth.routes())],
    [
      "in a router",
      "/shop",
      (app: Express, auth: Pixy<Person>) => void app.use("/shop", express.Router().use("/auth", auth.routes())),
    ],
  ])("answers strangers with 404 and warns nobody, mounted %s", async (_where, prefix, build) => {
    const events: string[] = [];
    const { origin, browser } = await start(
      (app, auth) => {
        build(app, auth);
        app.use(showError);
      },
      { prefix, onEvent: (event) => void events.push(event.type) },
    );
    const paths = [
      "/AUTH/login",
      "/auth//login",
      "/auth/x/login",
      "/auth/%6cogin",
      "/auth/login//",
      "/auth/%",
      "/Auth/x",
    ];
    for (const path of [
      ...paths,
      ...paths.map((path) => prefix + path),
      "/other/auth/login",
      `/${prefix}/auth/login`,
    ]) {
      const page = await browser.navigate(origin + path, { follow: false });
      expect([path, page.status]).toEqual([path, 404]);
    }
    expect((await browser.call(`${origin}${prefix}/auth/session`)).status).toBe(200);
    for (const [method, target, status] of [
      ["TRACE", `${prefix}/auth/login`, 405],
      ["TRACE", `${prefix}/auth//login`, 404],
      ["OPTIONS", "*", 404],
    ] as const) {
      expect([method, target, await statusOf(origin, method, target)]).toEqual([method, target, status]);
    }
    expect(events).toEqual([]);
  });

  it("answers a request line with scheme and host as one without, and takes nothing of them", async () => {
    const { origin } = await start(standard);
    for (const [target, status] of [
      ["http://evil.example/auth/session", 200],
      ["http://evil.example/auth/login", 302],
      ["HTTPS://evil.example/auth/nothing", 404],
      ["http://evil.example?x", 404],
    ] as const) {
      expect([target, await statusOf(origin, "GET", target)]).toEqual([target, status]);
    }
    expect((await sent(origin, "GET", "http://evil.example/me?a=1")).headers.location).toBe(
      "/auth/login?returnTo=%2Fme%3Fa%3D1",
    );
  });

  it("guards an upgrade beside the app, and spends no refresh token for it", async () => {
    const clock = createClock();
    const { origin, browser, logIn, authorizationServer } = await start(
      (app, auth) => {
        standard(app, auth);
        app.set("auth", auth);
      },
      { now: clock.now },
      { clock, rotation: "strict" },
      (server, app) => {
        const auth = app.get("auth") as Pixy<Person>;
        server.on("upgrade", (req, socket) => {
          const res = new ServerResponse(req) as unknown as ExpressResponse;
          res.assignSocket(socket as Socket);
          res.on("finish", () => socket.end());
          res.shouldKeepAlive = false;
          auth.requireLogin()(req, res, async () => {
            const { data } = await auth.of(req as Request).requireSession();
            socket.end(
              `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${data.name}`,
            );
          });
        });
      },
    );
    await logIn("/me");
    const upgrade = async () => {
      const cookie = (await browser.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
      const headers = { cookie, connection: "Upgrade", upgrade: "websocket" };
      return new Promise<number | undefined>((resolve, reject) => {
        const asked = request(`${origin}/live`, { headers }, (answer) => resolve(answer.resume().statusCode));
        asked.on("upgrade", (answer, socket) => resolve(socket.destroy() && answer.statusCode)).on("error", reject);
        asked.end();
      });
    };
    const refreshes = () => authorizationServer.tokenRequests("refresh_token").length;
    // Due, and it still works; then no more.
    for (const [ahead, status] of [
      [3_590_000, 101],
      [10_000, 503],
    ] as const) {
      clock.advance(ahead);
      expect([await upgrade(), refreshes()]).toEqual([status, 0]);
    }
    expect([(await browser.call(`${origin}/me`)).status, refreshes(), await upgrade()]).toEqual([200, 1, 101]);
    expect(authorizationServer.violations).toEqual([]);
  });

  it("logs nobody out who leaves while the provider is asked for new tokens", async () => {
    const clock = createClock();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { origin, browser, logIn, authorizationServer } = await start(
      standard,
      { now: clock.now },
      { clock, rotation: "strict", wait: () => answered },
    );
    await logIn("/me");
    clock.advance(3_600_000);
    authorizationServer.fault({ at: "token", kind: "delay", milliseconds: 1, times: 1 });
    const cookie = (await browser.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join("; ");
    const leaving = request(`${origin}/me`, { headers: { cookie } });
    leaving.on("error", () => {}).end();
    const refreshes = () => authorizationServer.tokenRequests("refresh_token").length;
    while (refreshes() === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.destroy();
    // The server has seen it before it answers the next one.
    await browser.call(`${origin}/public`);
    answer();
    await browser.call(`${origin}/public`);
    clock.advance(8 * 3_600_000);
    expect([(await browser.call(`${origin}/me`)).status, refreshes()]).toEqual([200, 2]);
    expect(authorizationServer.violations).toEqual([]);
  });

  it("prints the forgotten line when the middleware is missing, and guards work without it", async () => {
    const { origin, browser } = await start((app, auth) => {
      app.get("/", (req, res) => void res.json(auth.of(req).request.url));
      app.get("/guarded", auth.requireLogin(), (_req, res) => void res.json({}));
      app.use(showError);
    });
    const page = await browser.navigate(`${origin}/`);
    expect(page.body).toContain("middleware_missing");
    expect(page.body).toContain("app.use(auth.middleware());");
    expect((await browser.call(`${origin}/guarded`)).status).toBe(401);
  });

  it("needs no body, so that a parser may run first", async () => {
    const { logIn, browser, origin } = await start((app, auth) => {
      app.use(express.json(), express.urlencoded({ extended: false }));
      standard(app, auth);
    });
    await logIn("/me");
    const out = await browser.submit("/auth/logout", { any: "thing" });
    expect(out.hops[0]?.status).toBe(303);
    expect((await browser.call(`${origin}/me`)).status).toBe(401);
  });

  it("keeps the app's own cookies and Vary fields next to a renewed session", async () => {
    const { logIn, browser, authorizationServer } = await start((app, auth) => {
      standard(app, auth);
      app.get("/own", auth.requireLogin(), (req, res, next) => {
        res.cookie("theme", "dark").vary("Accept-Language");
        relay(auth.of(req).fetch("/v1/me"), res, next);
      });
      app.get("/written", auth.requireLogin(), (req, res, next) => {
        auth
          .of(req)
          .fetch("/v1/me")
          .then(() => res.writeHead(200, { "Set-Cookie": ["theme=light", "font=serif"] }).end("written"), next);
      });
    });
    await logIn("/me");
    authorizationServer.revokeAccessTokens();
    const own = (await browser.call("/own")).hops[0];
    expect(header(own, "set-cookie")).toMatch(/theme=dark/);
    expect(header(own, "set-cookie")).toMatch(/pixy-\d+=/);
    expect(header(own, "vary")).toBe("Accept-Language, Cookie");
    expect(header(own, "cache-control")).toBe("private, no-store");
    authorizationServer.revokeAccessTokens();
    const written = header((await browser.call("/written")).hops[0], "set-cookie");
    expect(written).toMatch(/theme=light/);
    expect(written).toMatch(/font=serif/);
    expect(written).toMatch(/pixy-\d+=/);
  });

  it("does not spend a refresh token once the headers were sent, and streams on", async () => {
    const { logIn, browser, authorizationServer } = await start((app, auth) => {
      standard(app, auth);
      app.get("/stream", auth.requireLogin(), (req, res) => {
        res.write("begin ");
        auth
          .of(req)
          .fetch("/v1/me")
          .then(
            (answer) => res.end(`status ${answer.status}`),
            (error: { code?: string }) => res.end(`code ${error.code}`),
          );
      });
    });
    await logIn("/me");
    expect((await browser.call("/stream")).body).toBe("begin status 200");
    authorizationServer.revokeAccessTokens();
    expect((await browser.call("/stream")).body).toBe("begin code refresh_needed");
    expect(authorizationServer.tokenRequests("refresh_token")).toHaveLength(0);
    expect((await browser.call("/me")).status).toBe(200);
  });

  it("warns once of an answer that had begun, for caches to keep, before the session was read", async () => {
    const warnings: string[] = [];
    const { origin, browser } = await start(
      (app, auth) => {
        app.use(auth.middleware());
        const reading = async (req: Request, res: ExpressResponse) => {
          await auth.of(req).session();
          res.end();
        };
        app.get("/begun", (req, res) => {
          res.flushHeaders();
          void reading(req, res);
        });
        app.get("/told", (req, res) => {
          res.set("cache-control", "private").flushHeaders();
          void reading(req, res);
        });
        app.get("/after", (req, res) => {
          res.end();
          void auth.of(req).session();
        });
        app.get("/before", reading);
        app.post("/begun", (req, res) => {
          res.flushHeaders();
          void reading(req, res);
        });
      },
      { onEvent: (event) => void (event.type === "set-up.warning" && warnings.push(event.message)) },
    );
    for (const path of ["/told", "/after", "/before"]) await browser.call(origin + path);
    await browser.call(`${origin}/begun`, { method: "POST" });
    expect(warnings).toEqual([]);
    for (const _ of [1, 2]) await browser.call(`${origin}/begun`);
    expect(warnings).toEqual([expect.stringContaining("GET /begun had begun")]);
  });

  it("keeps two instances apart", async () => {
    const { origin, browser } = await start((app, auth, make) => {
      standard(app, auth);
      const second = make({ name: "second", authPath: "/second" });
      app.use("/second", second.routes());
      app.use(second.middleware());
      app.get("/both", (req, res, next) => {
        Promise.all([auth.of(req).session(), second.of(req).session()]).then(
          (sessions) => res.json(sessions.map((session) => session?.data ?? null)),
          next,
        );
      });
    });
    await browser.login(`${origin}/auth/login`, { person: "ada" });
    expect(JSON.parse((await browser.call(`${origin}/both`)).body)).toEqual([{ name: "Ada Lovelace" }, null]);
    await browser.login(`${origin}/second/login`, { person: "grace" });
    const both = await browser.call(`${origin}/both`);
    expect(JSON.parse(both.body)).toEqual([{ name: "Ada Lovelace" }, { name: "Grace Hopper" }]);
  });

  it("answers our errors and passes others on", async () => {
    const { logIn, browser, authorizationServer, origin } = await start((app, auth) => {
      standard(app, auth);
      app.get("/page", (req, res, next) => relay(auth.of(req).fetch("/v1/me"), res, next));
      app.get("/broken", (_req, _res, next) => next(new Error("my own")));
      app.use(auth.errorHandler(), showError);
    });
    expect((await browser.call(`${origin}/page`)).status).toBe(401);
    await logIn("/me");
    authorizationServer.revokeGrants();
    const ended = await browser.call("/page");
    expect(ended.status).toBe(401);
    expect(JSON.parse(ended.body)).toMatchObject({ code: "reauth_required", loginUrl: "/auth/login" });
    expect(await browser.cookies(origin)).not.toContainEqual(
      expect.objectContaining({ name: expect.stringMatching(/^pixy-\d+$/) }),
    );
    expect((await browser.call("/broken")).body).toContain("my own");
  });

  it("gives errors of a promise to the error handler", async () => {
    const { browser, origin } = await start(
      (app, auth) => {
        standard(app, auth);
        app.use(showError);
      },
      {
        onError() {
          throw new Error("no page");
        },
      },
    );
    expect((await browser.call(`${origin}/me`)).body).toContain("no page");
    expect((await browser.call(`${origin}/auth/logout`)).body).toContain("no page");
  });

  it("starts a login and ends a session from a handler", async () => {
    const { origin, logIn, browser } = await start((app, auth) => {
      standard(app, auth);
      app.get("/begin", (req, res, next) => {
        auth.login(req, res, { returnTo: "/me", parameters: showDialog }).catch(next);
      });
      app.get("/end", (req, res, next) => {
        auth.logout(req, res).then(() => res.send("bye"), next);
      });
    });
    expect((await logIn("/begin")).url).toBe(`${origin}/me`);
    expect((await browser.call("/end")).body).toBe("bye");
    expect((await browser.call("/me")).status).toBe(401);
  });

  it("warns once when a proxy speaks https and baseUrl says http", async () => {
    const events: string[] = [];
    const { origin, browser } = await start(standard, {
      onEvent: (event) => void (event.type === "set-up.warning" && events.push(event.code)),
    });
    await browser.call(`${origin}/auth/session`, { headers: { "x-forwarded-proto": "https" } });
    await browser.call(`${origin}/auth/session`, { headers: { "x-forwarded-proto": "https" } });
    expect(events).toEqual(["base_url_not_https"]);
  });
});

it("refuses options that cannot work, at once", () => {
  const options = { provider: spotify, clientId: "app", baseUrl: "http://127.0.0.1:3000", secret };
  expect(() => pixy({ ...options, baseUrl: "http://app.example" })).toThrow("is http and not on loopback");
  expect(() => pixy({ ...options, scpoe: [] } as never)).toThrow("scpoe");
});

it("infers what onLogin returns", () => {
  const options = { provider: spotify, clientId: "app", baseUrl: "http://127.0.0.1:3000", secret };
  const plain = pixy(options);
  const auth = pixy({ ...options, onLogin: async () => ({ name: "Ada" }) });
  expectTypeOf(plain).toEqualTypeOf<Pixy<Profile | null, null>>();
  expectTypeOf(auth).toEqualTypeOf<Pixy<{ name: string }, null>>();
  type Ada = SignedIn<{ name: string }, null>;
  const app = express5();
  app.get("/users/:id", auth.requireLogin(), (req, res) => {
    expectTypeOf(res.locals.auth).toEqualTypeOf<Ada>();
    expectTypeOf(res.locals.auth.current.data.name).toEqualTypeOf<string>();
    expectTypeOf(req.params).toEqualTypeOf<{ id: string }>();
  });
  app.post("/", express5.json(), auth.requireScope("a", "b"), (_req, res) => {
    expectTypeOf(res.locals.auth).toEqualTypeOf<Ada>();
  });
  app.get("/plain", auth.requireLogin(), (_req: Request, res: ExpressResponse) => void res.json({}));
  app.use("/area", auth.requireLogin(), (req, _res, next) => {
    expectTypeOf(auth.of(req)).toEqualTypeOf<RequestHandle<{ name: string }, null>>();
    next();
  });
  app.use(auth.requireLogin());
  express5.Router().all("/all", auth.requireLogin(), (_req, res) => void res.json({}));
});

async function statusOf(origin: string, method: string, target: string): Promise<number | undefined> {
  return (await sent(origin, method, target)).statusCode;
}

/** Sends a request line as it stands, as somebody whose `Accept` says that a page is wanted. */
function sent(origin: string, method: string, target: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request(
      origin,
      { method, path: target, agent: false, headers: { accept: "text/html" } },
      (answer) => {
        answer.resume().on("end", () => resolve(answer));
      },
    );
    asked.on("error", reject).end();
  });
}

function header(hop: Hop | undefined, name: string): string | null | undefined {
  return hop?.headers.get(name);
}

function relay(answer: Promise<Response>, res: ExpressResponse, next: NextFunction): void {
  answer.then(async (response) => void res.json(await response.json())).catch(next);
}

function showError(
  error: Error & { code?: string; hint?: string },
  _req: Request,
  res: ExpressResponse,
  _next: NextFunction,
): void {
  res.status(500).send(`${error.code} ${error.message} ${error.hint}`);
}
