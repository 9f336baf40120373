import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describeStore } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { durableObjectStore, type PixyOwnersObject, type PixySessionObject } from "../src/index.ts";

declare global {
  namespace Cloudflare {
    interface Env {
      SESSIONS: DurableObjectNamespace<PixySessionObject>;
      SESSIONS_ON_KV: DurableObjectNamespace<PixySessionObject>;
      OWNERS: DurableObjectNamespace<PixyOwnersObject>;
    }
  }
}

const lease = { lease: 15_000, intent: 30_000 };

describe("workerd", () => {
  for (const [name, namespace] of Object.entries({ sqlite: env.SESSIONS, "key-value": env.SESSIONS_ON_KV })) {
    const create = () => ({ store: durableObjectStore(namespace, { owners: env.OWNERS }) });
    describeStore({ describe, it }, { name: `durable object, ${name} backend`, create });

    describe(`the object, ${name} backend`, () => {
      const store = durableObjectStore(namespace);
      const objectOf = (key: string) => namespace.get(namespace.idFromName(key));
      const stored = (key: string) =>
        runInDurableObject(objectOf(key), async (_object, { storage }) => ({
          entries: (await storage.list()).size,
          alarm: await storage.getAlarm(),
        }));

      it("keeps session, lease and fence when it is evicted", async () => {
        const key = crypto.randomUUID();
        await store.create(key, "sealed", 60_000);
        const acquired = await store.acquire(key, lease);
        if (acquired.state !== "acquired") throw new Error(acquired.state);
        await evictDurableObject(objectOf(key));
        expect((await store.acquire(key, lease)).state).toBe("held");
        expect(await store.commit(key, acquired.fence, "renewed", 60_000)).toBe("committed");
        await evictDurableObject(objectOf(key));
        expect((await store.read(key))?.sealed).toBe("renewed");
      });

      it("erases itself by an alarm, and not while the session was prolonged", async () => {
        const key = crypto.randomUUID();
        await store.create(key, "sealed", 60_000);
        const { alarm: first } = await stored(key);
        await store.touch(key, 3_600_000);
        expect(await runDurableObjectAlarm(objectOf(key))).toBe(true);
        const { alarm: second, entries } = await stored(key);
        expect(entries).toBe(1);
        expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
        await store.touch(key, 1);
        while ((await stored(key)).entries > 0) await runDurableObjectAlarm(objectOf(key));
        expect(await stored(key)).toEqual({ entries: 0, alarm: null });
      });

      it("opens a record that the first release has written", async () => {
        const key = crypto.randomUUID();
        const until = Date.now() + 60_000;
        await runInDurableObject(objectOf(key), (_object, { storage }) =>
          storage.put("session", {
            ...{ sealed: "sealed", fence: 3, issued: 5, ended: false, pauseUntil: 0, failures: 2, expiresAt: until },
            ...{ lease: { fence: 5, until }, intents: [{ fence: 5, until }] },
          }),
        );
        expect(await store.read(key)).toMatchObject({
          sealed: "sealed",
          fence: 3,
          note: null,
          intents: [{ fence: 5 }],
        });
        expect((await store.acquire(key, lease)).state).toBe("held");
        expect(await store.commit(key, 5, "renewed", 60_000)).toBe("committed");
        expect(await store.read(key)).toMatchObject({ sealed: "renewed", fence: 5, intents: [], note: null });
      });

      it("remembers the fences of a deleted record for a minute, and erases them by an alarm", async () => {
        const key = crypto.randomUUID();
        await store.create(key, "sealed", 3_600_000);
        const acquired = await store.acquire(key, lease);
        if (acquired.state !== "acquired") throw new Error(acquired.state);
        await store.delete(key);
        await evictDurableObject(objectOf(key));
        const { entries, alarm } = await stored(key);
        expect([entries, (alarm ?? Number.POSITIVE_INFINITY) <= Date.now() + 60_000]).toEqual([1, true]);
        expect(await store.create(key, "again", 3_600_000)).toBe("created");
        expect(await store.commit(key, acquired.fence, "late", 60_000)).toBe("gone");
        // The alarm of the deletion finds the new record, and leaves it.
        expect(await runDurableObjectAlarm(objectOf(key))).toBe(true);
        expect((await store.read(key))?.sealed).toBe("again");
      });

      it("leaves nothing behind when a record that nobody acquired is deleted, or never was", async () => {
        const key = crypto.randomUUID();
        await store.create(key, "sealed", 60_000);
        await store.delete(key);
        expect(await stored(key)).toEqual({ entries: 0, alarm: null });
        await store.touch(key, 60_000);
        await store.release(key, 1, { pause: 1_000 });
        expect(await stored(key)).toEqual({ entries: 0, alarm: null });
      });
    });
  }

  it("takes the silence of an object of the first release for a created record", async () => {
    const silent = { ok: true, status: 200, json: async () => null };
    const first = durableObjectStore({ idFromName: (name) => name, get: () => ({ fetch: async () => silent }) });
    expect(await first.create("key", "sealed", 60_000)).toBe("created");
  });

  it("names what is missing when there is no binding", () => {
    expect(() => durableObjectStore(undefined as never)).toThrow(/PixySessionObject.*durable_objects\.bindings/);
    const owners = { owners: undefined as never };
    expect(() => durableObjectStore(env.SESSIONS, owners)).toThrow(
      /owners.*PixyOwnersObject.*durable_objects\.bindings/,
    );
  });

  it("has neither index nor epochs without the binding for them", () => {
    const { index, epochs } = durableObjectStore(env.SESSIONS);
    expect([index, epochs]).toEqual([undefined, undefined]);
  });
});
