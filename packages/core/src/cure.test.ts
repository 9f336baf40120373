import { describe, expect, it } from "vitest";
import { json, serve } from "../test/provider-server.ts";
import { expired, renewalStage } from "../test/renewal-stage.ts";
import { authenticatedFetch } from "./index.ts";

interface World {
  now: number;
  /** What the API answers to each token; default 401. */
  readonly statuses: Map<string, number>;
  refreshes(): number;
  call(init?: RequestInit & { path?: string }): Promise<number>;
}

/** An API beside the provider, which refuses the tokens that are not among `statuses`. */
async function world(run: (world: World) => Promise<void>): Promise<void> {
  const statuses = new Map<string, number>();
  const api = await serve((response, request) => {
    const token = String(request.headers.authorization).replace("Bearer ", "");
    json({}, statuses.get(`${token} ${request.url}`) ?? statuses.get(token) ?? 401)(response, request);
  });
  try {
    await renewalStage((stage) => {
      stage.now = 0;
      const fetch = authenticatedFetch(stage.authenticator, { origins: [api.origin], base: api.origin });
      return run(
        Object.assign(stage, {
          ...{ statuses, refreshes: stage.sent },
          call: async ({ path = "/", ...init }: RequestInit & { path?: string } = {}) =>
            (await fetch(path, init)).status,
        }),
      );
    });
  } finally {
    await api[Symbol.asyncDispose]();
  }
}

const stream = (): RequestInit => ({ method: "POST", body: new Blob(["a=1"]).stream(), duplex: "half" }) as RequestInit;

describe("an API that always answers 401", () => {
  it("is answered by one refresh, and by no further one until the token is due", () =>
    world(async (w) => {
      for (let call = 0; call < 6; call++) expect(await w.call()).toBe(401);
      expect(w.refreshes()).toBe(1);
      w.now = expired;
      for (let call = 0; call < 6; call++) expect(await w.call()).toBe(401);
      expect(w.refreshes()).toBe(3);
    }));

  it("also where nothing can be replayed", () =>
    world(async (w) => {
      for (let call = 0; call < 6; call++) expect(await w.call(stream())).toBe(401);
      expect(w.refreshes()).toBe(1);
    }));

  it("also where many call at once", () =>
    world(async (w) => {
      expect(new Set(await Promise.all(Array.from({ length: 50 }, () => w.call())))).toEqual(new Set([401]));
      expect(await w.call()).toBe(401);
      expect(w.refreshes()).toBe(1);
    }));

  it("also where only one of its paths does", () =>
    world(async (w) => {
      w.statuses.set("a1 /well", 200);
      for (let call = 0; call < 3; call++) {
        expect(await w.call({ path: "/ill" })).toBe(401);
        expect(await w.call({ path: "/well" })).toBe(200);
      }
      expect(w.refreshes()).toBe(1);
    }));
});

describe("tokens that the API takes", () => {
  it("are renewed again when it refuses them later", () =>
    world(async (w) => {
      w.statuses.set("a1", 200);
      expect(await w.call()).toBe(200);
      w.statuses.set("a1", 401).set("a2", 200);
      expect(await w.call()).toBe(200);
      expect(w.refreshes()).toBe(2);
    }));

  it("are known by the first answer that says so, not by one of a server that fails", () =>
    world(async (w) => {
      w.statuses.set("a1", 500);
      expect([await w.call(), await w.call()]).toEqual([500, 500]);
      w.statuses.set("a1", 401);
      expect([await w.call(), await w.call()]).toEqual([401, 401]);
      expect(w.refreshes()).toBe(1);
    }));
});
