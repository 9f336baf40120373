import { readFileSync } from "node:fs";
import { request } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { pixy as pixyOfExpress } from "@pixy/express";
import { type AuthEnv, pixy as pixyOfHono } from "@pixy/hono";
import { spotify } from "@pixy/providers/spotify";
import type { PixyEvent, PixyOptions } from "@pixy/server";
import {
  type AdapterProfile,
  type AuthorizationServer,
  type Clock,
  createAuthorizationServer,
  createClock,
  type RunningApp,
} from "@pixy/testing";
import express from "express";
import { Hono } from "hono";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createExpressApp } from "./adapters/express-app.ts";
import { createHonoApp } from "./adapters/hono-app.ts";
import { prepareNext } from "./adapters/next-server.ts";
import { countingStore, countWork } from "./lib/counting.ts";
import { listen } from "./lib/listen.ts";
import { askRaw, type RawAnswer } from "./lib/raw-answer.ts";
import { type Asked, call, page, strangersCookies, strangersRequests } from "./lib/strangers.ts";
import { createWebApp, secret, type WebApp } from "./lib/web-app.ts";

/**
 * What one request can make us do at most; docs/bounds.md is this table in words. A stranger holds whatever cookies and
 * attempts they like, and no session. A person is logged in, with what our own answers left in the browser.
 */
const bounds = {
  decryptions: { words: "seals opened", stranger: 2, person: 2 },
  opened: { words: "octets opened", stranger: 8_192, person: 16_384 },
  encryptions: { words: "seals written", stranger: 2, person: 2 },
  digests: { words: "hashes", stranger: 4, person: 6 },
  hashed: { words: "octets hashed", stranger: 256, person: 512 },
  reads: { words: "reads of the session store", stranger: 1, person: 1 },
  writes: { words: "writes to the session store", stranger: 0, person: 3 },
  tokenRequests: { words: "token requests", stranger: 1, person: 1 },
  headers: { words: "octets of the answer's headers", stranger: 4_096, person: 12_288 },
  body: { words: "octets of a page of ours", stranger: 4_096, person: 4_096 },
  events: { words: "events", stranger: 1, person: 2 },
  printed: { words: "lines printed", stranger: 0, person: 0 },
} as const;

type Row = keyof typeof bounds;
type Counts = Readonly<Record<Row, number>>;

const rows = Object.keys(bounds) as Row[];
const origin = "https://app.example";
/** Node takes 16 KiB of headers; the rest is what a browser sends besides. */
const mostCookies = 15_400;

type Start = (...instances: readonly PixyOptions<AdapterProfile>[]) => Promise<RunningApp>;

const next = prepareNext();

const adapters: Readonly<Record<string, Start>> = {
  express: (...instances) => listen(createExpressApp(express, instances)),
  // An app that asks for the session before it gets to our routes.
  "express that reads first": (options) => {
    const auth = pixyOfExpress(options as PixyOptions<AdapterProfile>);
    const app = express();
    app.use(auth.middleware(), (req, _res, following) => {
      Promise.resolve(auth.of(req).session()).then(() => following(), following);
    });
    app.use("/auth", auth.routes());
    app.get("/me", auth.requireLogin(), (_req, res) => void res.json({ ok: true }));
    app.use(auth.errorHandler());
    return listen(app);
  },
  hono: (...instances) => listen(getRequestListener(createHonoApp(instances).fetch)),
  "hono that reads first": (options) => {
    const auth = pixyOfHono(options as PixyOptions<AdapterProfile>);
    const app = new Hono<AuthEnv<AdapterProfile>>();
    app.use(auth.middleware(), async (c, following) => {
      await c.var.auth.session();
      await following();
    });
    app.route("/auth", auth.routes());
    app.get("/me", auth.requireLogin(), (c) => c.json({ ok: true }));
    return listen(getRequestListener(app.fetch));
  },
  next,
};

interface Stage {
  readonly clock: Clock;
  readonly provider: AuthorizationServer;
  readonly close: () => Promise<void>;
  /** Starts the app anew, which knows nothing of what it had opened. */
  readonly restart: () => Promise<void>;
  /** Sends one request, and counts what it made us do. */
  ask(asked: Asked): Promise<RawAnswer & { readonly counts: Counts }>;
}

/** An app of one adapter, whose work is counted while it answers one request at a time. */
async function stageOf(
  start: Start,
  where: "cookie" | "store",
  options: Partial<PixyOptions<AdapterProfile>> = {},
): Promise<Stage> {
  const clock = createClock();
  const provider = createAuthorizationServer({ clock, issuer: spotify.issuer });
  const store = countingStore(clock.now);
  const events: PixyEvent[] = [];
  const instance = {
    ...{ provider: spotify, clientId: "client-of-the-app", baseUrl: origin, name: "app", secret },
    ...{
      scope: ["user-read-private"],
      fetch: provider.fetch,
      now: clock.now,
      onEvent: (event: PixyEvent) => events.push(event),
      onLogin: () => ({ name: "Ada" }),
    },
    ...(where === "store" ? { store } : {}),
    ...options,
  };
  let app = await start(instance);
  const work = countWork();
  return {
    ...{ clock, provider, close: () => app.close() },
    async restart() {
      await app.close();
      app = await start(instance);
    },
    async ask({ path, method = "GET", headers = {} }) {
      work.take();
      store.take();
      provider.reset();
      events.length = 0;
      const host = new URL(origin).host;
      const answer = await askRaw(`${app.url}${path}`, { method, headers: { host, ...headers } });
      const counts = {
        ...{ ...work.take(), ...store.take(), tokenRequests: provider.tokenRequests().length },
        ...{ headers: answer.headerOctets, body: answer.bodyOctets, events: events.length },
      };
      return { ...answer, counts };
    },
  };
}

const pairOf = (line: string): string => line.slice(0, line.indexOf(";"));
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** Begins an attempt, in no browser: the cookie and the state. */
async function attempt({ ask }: Stage, returnTo: string): Promise<{ cookie: string; state: string }> {
  const { location, setCookies } = await ask({ path: `/auth/login?returnTo=${returnTo}`, headers: page });
  const state = new URL(location ?? "").searchParams.get("state") ?? "";
  return { cookie: pairOf(setCookies[0] ?? ""), state };
}

/** As many of the cookies as fit beside what follows. */
function fitting(pairs: readonly string[], room: number): string[] {
  let left = room;
  return pairs.filter((pair) => {
    left -= pair.length + 2;
    return left >= 0;
  });
}

/** Next takes a tenth of a second for a request: there it is asked what costs the most. */
const enough: Readonly<Record<string, (what: string, kind: string) => boolean>> = {
  next: (what, kind) =>
    /^(none|logins of ours|a session in two cookies|the session in every form|hundreds of logins, .*|an id of no session|everything)$/.test(
      kind,
    ) &&
    /^(login, back to far|callback, a (wrong code|state)|callback, an error|logout|session|a page that|a guarded page, f)/.test(
      what,
    ),
};

type Worst = Readonly<Record<Row, { readonly count: number; readonly at: string }>>;

function worstOf(all: readonly { readonly at: string; readonly counts: Counts }[]): Worst {
  const worst = rows.map((row) => {
    const found = all.reduce((most, one) => (one.counts[row] > most.counts[row] ? one : most));
    return [row, { count: found.counts[row], at: found.at }];
  });
  return Object.fromEntries(worst) as Worst;
}

async function askEverything(
  stage: Stage,
  isAsked: (what: string, kind: string) => boolean,
): Promise<{ readonly worst: Worst; readonly failed: readonly string[] }> {
  const all: { at: string; counts: Counts }[] = [];
  const failed: string[] = [];
  const { cookie } = await attempt(stage, "/");
  const key = cookie.slice(cookie.indexOf("=") + 1).slice(0, 8);
  const logins: string[] = [];
  while (logins.length < 40) logins.push((await attempt(stage, "/")).cookie);
  for (const [what, make] of Object.entries(strangersRequests)) {
    for (const [kind, pairs] of Object.entries(strangersCookies(key, logins))) {
      if (!isAsked(what, kind)) continue;
      const own = what.startsWith("callback")
        ? await attempt(stage, `/${"x".repeat(1_600)}`)
        : { cookie: "", state: "" };
      const asked = make(own.state);
      const sent = [...fitting(pairs, mostCookies - asked.path.length - own.cookie.length), own.cookie].filter(Boolean);
      const headers = { ...asked.headers, ...(sent.length === 0 ? {} : { cookie: sent.join("; ") }) };
      const { status, counts } = await stage.ask({ ...asked, headers });
      const at = `${what}; cookies: ${kind}`;
      all.push({ at, counts });
      if (status >= 500 || status === 431) failed.push(`${status}: ${at}`);
    }
  }
  return { worst: worstOf(all), failed };
}

/**
 * How often a request looks for its session: Next's proxy does so in front of a page, and hands nothing over. Where an app
 * looks in front of our routes, a request has one handle; what it says of the cookie is an event beside the route's own.
 */
function looks(adapter: string, row: Row): number {
  if (adapter === "next") return row === "reads" || row === "events" ? 2 : 1;
  return adapter.endsWith("reads first") && row === "events" ? 2 : 1;
}

describe.each(Object.entries(adapters))("D1 D2 D3 one request of a stranger, on %s", (adapter, start) => {
  describe.each(["cookie", "store"] as const)("sessions in a %s", (where) => {
    let result: Awaited<ReturnType<typeof askEverything>>;

    beforeAll(async () => {
      const stage = await stageOf(start, where);
      result = await askEverything(stage, enough[adapter] ?? (() => true));
      await stage.close();
      vi.restoreAllMocks();
      if (process.env.SHOW_BOUNDS) console.log(adapter, where, result.worst);
    });

    it.each(rows)("causes no more than its bound: %s", (row) => {
      const { count, at } = result.worst[row];
      expect(count, at).toBeLessThanOrEqual(bounds[row].stranger * looks(adapter, row));
    });

    it("is no failure of ours", () => {
      expect(result.failed).toEqual([]);
    });
  });
});

describe.each(["cookie", "store"] as const)(
  "D1 one request of a stranger, with ten providers, sessions in a %s",
  (where) => {
    const way = { provider: spotify, clientId: "client-of-the-app", scope: ["user-read-private"] };
    const providers = Object.fromEntries(many(10, (index) => [`provider-${index}`, way]));
    const several = { ...{ provider: undefined, clientId: undefined, scope: undefined }, providers };
    let result: Awaited<ReturnType<typeof askEverything>>;
    let choice: Counts;

    /** The same request to one of them. */
    const named = (path: string) =>
      path
        .replace(/^\/auth\/login(\?|$)/, "/auth/login?provider=provider-7&")
        .replace(/^\/auth\/callback(?=\?|$)/, "/auth/callback/provider-7");

    beforeAll(async () => {
      const stage = await stageOf(adapters.express as Start, where, several as never);
      const one: Stage = { ...stage, ask: (asked) => stage.ask({ ...asked, path: named(asked.path) }) };
      result = await askEverything(one, (_what, kind) => /^(none|logins of ours|everything|an id)/.test(kind));
      choice = (await stage.ask({ path: `/auth/login?returnTo=/${"x".repeat(1_900)}`, headers: page })).counts;
      await stage.close();
      vi.restoreAllMocks();
    });

    it.each(rows)("causes no more than its bound: %s", (row) => {
      const { count, at } = result.worst[row];
      expect(count, at).toBeLessThanOrEqual(bounds[row].stranger);
      expect(choice[row], "the page to choose").toBeLessThanOrEqual(bounds[row].stranger);
    });

    it("is no failure of ours", () => {
      expect(result.failed).toEqual([]);
      expect(choice.body).toBeGreaterThan(1_000);
    });
  },
);

/** What a browser holds. */
function cookieJar() {
  const held = new Map<string, string>();
  return {
    names: () => [...held.keys()],
    header: () => ({ cookie: [...held].map((pair) => pair.join("=")).join("; ") }),
    take(lines: readonly string[]) {
      for (const line of lines) {
        const [cookie = "", value = ""] = pairOf(line).split("=");
        if (value === "") held.delete(cookie);
        else held.set(cookie, value);
      }
    },
  };
}

/** Everything that somebody does who is logged in, with the largest session and the most attempts that we leave. */
async function live({
  ask,
  clock,
  provider,
  restart,
}: Stage): Promise<{ readonly worst: Worst; readonly left: string[] }> {
  const all: { at: string; counts: Counts }[] = [];
  const jar = cookieJar();
  const visit = async (at: string, asked: Asked) => {
    const answer = await ask({ ...asked, headers: { ...asked.headers, ...jar.header() } });
    jar.take(answer.setCookies);
    all.push({ at, counts: answer.counts });
    return answer;
  };
  const logIn = async (path: string) => {
    const { location } = await visit("login", { path, headers: page });
    const callback = new URL(await provider.authorize(location ?? "", { person: "ada" }));
    await visit("callback", { path: callback.pathname + callback.search, headers: page });
  };
  const back = `/me?${"x".repeat(1_600)}`;
  await logIn(`/auth/login?returnTo=${back}`);
  for (const _ of many(7, () => 0)) await visit("login, again and again", { path: "/auth/login", headers: page });
  await logIn(`/auth/login?returnTo=${back}`);
  await restart();
  for (const path of ["/me", "/auth/session", "/playlists"]) await visit(path, { path, headers: page });
  clock.advance(3_600_000);
  await visit("refresh", { path: back, headers: page });
  clock.advance(3_600_000);
  await visit("refresh route", { path: `/auth/refresh?returnTo=${back}`, headers: page });
  await visit("refresh route, again", { path: `/auth/refresh?returnTo=${back}`, headers: page });
  await visit("logout", { path: "/auth/logout", method: "POST", headers: call });
  return { worst: worstOf(all), left: jar.names() };
}

describe.each(Object.entries(adapters))("D1 D3 one request of somebody who is logged in, on %s", (adapter, start) => {
  describe.each(["cookie", "store"] as const)("sessions in a %s", (where) => {
    let result: Awaited<ReturnType<typeof live>>;

    beforeAll(async () => {
      const stage = await stageOf(start, where, { onLogin: () => ({ name: "n".repeat(3_900) }) });
      result = await live(stage);
      await stage.close();
      vi.restoreAllMocks();
      if (process.env.SHOW_BOUNDS) console.log(adapter, where, result.worst);
    });

    it.each(rows)("causes no more than its bound: %s", (row) => {
      const { count, at } = result.worst[row];
      expect(count, at).toBeLessThanOrEqual(bounds[row].person * looks(adapter, row));
    });

    it("leaves no cookie of ours when it was a logout", () => {
      expect(result.left).toEqual([]);
    });
  });
});

describe("D2 one attempt to log in", () => {
  async function started() {
    const app = createWebApp({ options: { onEvent: () => {} } });
    const { location, cookie } = await begin(app);
    const state = new URL(location).searchParams.get("state");
    const finish = (code: string) =>
      app.fetch(new Request(`${app.origin}/auth/callback?code=${code}&state=${state}`, { headers: { cookie } }));
    return { app, finish };
  }

  it("is one token request, whatever codes come, for as long as it lasts", async () => {
    const { app, finish } = await started();
    for (let minute = 0; minute < 14; minute++) {
      const answers = await Promise.all(many(10, (index) => finish(`wrong-${minute}-${index}`)));
      expect(answers.every(({ status }) => status === 400)).toBe(true);
      app.clock.advance(60_000);
    }
    expect(app.provider.tokenRequests()).toHaveLength(1);
  });

  it("is five where the provider has not seen the code", async () => {
    const { app, finish } = await started();
    app.provider.fault({ at: "token", kind: "status", status: 503 });
    const statuses = [];
    for (let count = 0; count < 8; count++) statuses.push((await finish("right")).status);
    expect(statuses).toEqual([503, 503, 503, 503, 503, 400, 400, 400]);
    expect(app.provider.tokenRequests()).toHaveLength(5);
  });
});

describe("D2 the exchanges of a process", () => {
  it("are 64 at once; the 65th attempt is told to come again, and succeeds", async () => {
    let isSlow = true;
    const waiting: (() => void)[] = [];
    const app = createWebApp();
    const slowly = createWebApp({
      clock: app.clock,
      options: {
        onLogin: () => ({ name: "somebody" }),
        fetch: async (...request) => {
          if (isSlow) await new Promise<void>((resolve) => waiting.push(resolve));
          return app.provider.fetch(...request);
        },
      },
    });
    const attempts = [];
    for (let count = 0; count < 65; count++) {
      const { location, cookie } = await begin(slowly);
      attempts.push({ url: await app.provider.authorize(location, { person: "ada" }), cookie });
    }
    const visit = ({ url, cookie }: { url: string; cookie: string }) =>
      slowly.fetch(new Request(url, { headers: { cookie } }));
    const last = attempts.pop() ?? { url: "", cookie: "" };
    const answers = attempts.map(visit);
    await expect.poll(() => waiting.length).toBe(64);
    const refused = await visit(last);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect(await refused.text()).toContain("too_many_logins");
    expect(waiting).toHaveLength(64);
    isSlow = false;
    for (const go of waiting) go();
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([303]));
    expect((await visit(last)).status).toBe(303);
  });
});

describe("D1 what is looked at", () => {
  const sessionIn = async (app: WebApp, cookie: string) => {
    const answer = await app.fetch(new Request(`${app.origin}/auth/session`, { headers: { cookie } }));
    return ((await answer.json()) as { loggedIn: boolean }).loggedIn;
  };

  it("is 200 cookies of ours", async () => {
    const app = createWebApp();
    const browser = app.browser();
    await browser.login(`${app.origin}/me`, { person: "ada" });
    const session = (await browser.cookies(app.origin)).find((cookie) => cookie.name === "__Host-pixy");
    const after = (count: number) => `${"__Host-pixyx=; ".repeat(count)}__Host-pixy=${session?.value}`;
    expect([await sessionIn(app, after(199)), await sessionIn(app, after(200))]).toEqual([true, false]);
  });

  it("is 100 parameters of a query", async () => {
    const app = createWebApp();
    const returnTo = async (others: number) => {
      const query = `${"a&".repeat(others)}returnTo=/public`;
      const { location, cookie } = await begin(app, `/auth/login?${query}`);
      const state = new URL(location).searchParams.get("state");
      const url = `${app.origin}/auth/callback?error=no&state=${state}`;
      return (await app.fetch(new Request(url, { headers: { cookie } }))).headers.get("location");
    };
    expect([await returnTo(99), await returnTo(100)]).toEqual(["/public?auth_error=no", "/?auth_error=no"]);
  });

  it("is no body", async () => {
    for (const start of [adapters.express, adapters.hono] as Start[]) {
      const options = {
        ...{ provider: spotify, clientId: "client", baseUrl: origin, secret, onEvent: () => {} },
        onLogin: () => ({ name: "Ada" }),
      };
      const app = await start(options);
      const cookie = "__Host-pixy=v";
      // The form never ends; whoever waits for it never answers.
      const status = await new Promise((resolve, reject) => {
        const headers = { ...call, cookie, "content-type": "application/x-www-form-urlencoded" };
        const sent = request(`${app.url}/auth/logout`, { method: "POST", headers, agent: false });
        sent.on("response", (answer) => resolve(answer.resume().statusCode));
        sent.on("error", reject);
        sent.write("a=");
      });
      await app.close();
      expect(status).toBe(303);
    }
  });
});

describe("D1 forty logins that somebody else has put into a browser", () => {
  it("do not get in the way of one, and are gone after the next", async () => {
    const app = createWebApp();
    const jar = cookieJar();
    jar.take(many(40, (index) => `__Host-pixy-login-${String(index).padStart(12, "f")}=${"v".repeat(300)};`));
    const counts = [];
    for (const _ of many(2, () => 0)) {
      const start = await app.fetch(new Request(`${app.origin}/auth/login?returnTo=/me`, { headers: jar.header() }));
      jar.take(start.headers.getSetCookie());
      const url = await app.provider.authorize(start.headers.get("location") ?? "", { person: "ada" });
      const answer = await app.fetch(new Request(url, { headers: jar.header() }));
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/me"]);
      jar.take(answer.headers.getSetCookie());
      counts.push(jar.names().filter((cookie) => cookie.includes("-login-")).length);
    }
    expect(counts[0]).toBeLessThan(20);
    expect(counts[1]).toBeLessThanOrEqual(4);
  });
});

describe("D1 a flood of requests", () => {
  it("prints 31 lines in a minute at most, also where the app's listener fails", async () => {
    const work = countWork();
    const listeners = [undefined, () => JSON.parse("no")];
    for (const onEvent of listeners as PixyOptions<unknown>["onEvent"][]) {
      const app = createWebApp({ options: onEvent === undefined ? {} : { onEvent } });
      work.take();
      for (const index of many(200, (count) => count)) {
        const headers = { cookie: `__Host-pixy=${index}; __Host-pixy-login-${index}=v` };
        await app.fetch(new Request(`${app.origin}/auth/callback?code=c&state=${"S".repeat(43)}`, { headers }));
        await app.fetch(new Request(`${app.origin}/me`, { headers }));
      }
      expect(work.take().printed).toBeLessThanOrEqual(31);
    }
    vi.restoreAllMocks();
  });
});

it("the table of bounds is that of docs/bounds.md", () => {
  const text = readFileSync(new URL("../docs/bounds.md", import.meta.url), "utf8");
  const written = (count: number) => count.toLocaleString("en");
  const lines = Object.values(bounds).map(
    ({ words, stranger, person }) => `| ${words} | ${written(stranger)} | ${written(person)} |`,
  );
  const table = text.split("\n").map((line) => line.replace(/ +/g, " ").trim());
  expect(lines.filter((line) => !table.includes(line))).toEqual([]);
});

/** Begins a login of the web app in a browser that holds nothing. */
async function begin(app: WebApp, path = "/auth/login"): Promise<{ location: string; cookie: string }> {
  const answer = await app.fetch(new Request(`${app.origin}${path}`));
  return {
    location: answer.headers.get("location") ?? "",
    cookie: pairOf(answer.headers.getSetCookie()[0] ?? ""),
  };
}
