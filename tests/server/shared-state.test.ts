import { fromRequest, memoryStore, type RecordStore, type Session } from "@pixy/server";
import { createClock } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { createWebApp, type WebApp } from "../lib/web-app.ts";

const hour = 3_600_000;

/** What Redis and Durable Objects are to the server: every step is a promise, and what is kept is text. */
function overANetwork(store: RecordStore): RecordStore {
  const slow = Object.entries(store).map(([name, step]) => [
    name,
    typeof step === "function"
      ? async (...given: unknown[]) => (step as (...all: unknown[]) => unknown)(...given)
      : step,
  ]);
  return Object.fromEntries(slow) as unknown as RecordStore;
}

const stores: Readonly<Record<string, (now: () => number) => RecordStore | undefined>> = {
  cookie: () => undefined,
  memory: (now) => memoryStore({ now }),
  "a store over a network": (now) => overANetwork(memoryStore({ now })),
};

/** Somebody who is logged in, and a new request of theirs each time. */
async function stage(store: (now: () => number) => RecordStore | undefined, data: object) {
  const clock = createClock();
  const app = createWebApp({ clock, options: { store: store(clock.now), onLogin: () => data as never } });
  const browser = app.browser();
  await browser.login(`${app.origin}/auth/login`, { person: "ada" });
  return { app, clock, browser, read: () => read(app, browser) };
}

async function read(app: WebApp, browser: ReturnType<WebApp["browser"]>): Promise<Session<never>> {
  const cookies = await browser.cookies(`${app.origin}/`);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const handle = app.auth.open(fromRequest(new Request(`${app.origin}/`, { headers: { cookie } })));
  return (await handle.requireSession()) as Session<never>;
}

/** Tries to change everything that can be reached from a value, and counts what refused. */
function spoil(value: unknown): { refused: number; tried: number } {
  const all = { refused: 0, tried: 0 };
  const attempt = (change: () => unknown) => {
    all.tried++;
    try {
      change();
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      all.refused++;
    }
  };
  if (value instanceof Date) {
    value.setTime(0);
    return all;
  }
  if (typeof value !== "object" || value === null) return all;
  attempt(() => Object.assign(value, { spoilt: true }));
  if (Array.isArray(value)) attempt(() => value.push("spoilt"));
  for (const [name, member] of Object.entries(value)) {
    const inner = spoil(member);
    all.tried += inner.tried;
    all.refused += inner.refused;
    attempt(() => Object.assign(value, { [name]: "spoilt" }));
    attempt(
      () =>
        Reflect.deleteProperty(value, name) ||
        (() => {
          throw new TypeError("kept");
        })(),
    );
  }
  return all;
}

describe.each(Object.entries(stores))("a session in %s", (_name, store) => {
  it("shows no request what another did to it, before a refresh and after", async () => {
    const { read, clock, browser, app } = await stage(store, { name: "Ada", list: [{ deep: [1] }], none: null });
    for (const _ of ["as it was issued", "refreshed"]) {
      const first = JSON.stringify(await read());
      const { refused, tried } = spoil(await read());
      expect([refused, tried > 20]).toEqual([tried, true]);
      expect(JSON.stringify(await read())).toBe(first);
      clock.advance(hour);
      expect((await browser.call(`${app.origin}/me`)).status).toBe(200);
    }
  });

  it("is no longer the object that onLogin returned, which stays the app's own", async () => {
    const shared = { name: "Ada", list: [1] };
    const { read } = await stage(store, shared);
    shared.name = "changed";
    shared.list.push(2);
    expect((await read()).data).toEqual({ name: "Ada", list: [1] });
    expect(shared.list).toEqual([1, 2]);
  });

  it("has the same data in the process that made it as in any other", async () => {
    const { read } = await stage(store, { name: "Ada", when: new Date(0).toJSON(), missing: undefined });
    expect((await read()).data).toEqual({ name: "Ada", when: "1970-01-01T00:00:00.000Z" });
  });
});

describe("the settings of a login", () => {
  it("are changed by nobody who looks at them", async () => {
    const { auth, fetch, origin } = createWebApp();
    const before = JSON.stringify(auth.settings);
    auth.settings.baseUrl.hostname = "evil.example";
    spoil(auth.settings.cookies);
    spoil(auth.settings.ways[0].scope);
    expect(() => Object.assign(auth.settings, { loginUrl: "https://evil.example/" })).toThrow(TypeError);
    expect(JSON.stringify(auth.settings)).toBe(before);
    expect(auth.settings.baseUrl.href).toBe(`${origin}/`);
    const start = await fetch(new Request(`${origin}/auth/login`));
    expect(start.headers.get("location")).toContain(encodeURIComponent(`${origin}/auth/callback`));
  });

  it("have headers for all answers that no answer changes", async () => {
    const { auth, origin } = createWebApp();
    const lines = async () => {
      const handle = auth.open(fromRequest(new Request(`${origin}/`)));
      await handle.session();
      return handle.takeResponseHeaders();
    };
    const before = JSON.stringify(await lines());
    spoil(await lines());
    expect(JSON.stringify(await lines())).toBe(before);
  });
});
