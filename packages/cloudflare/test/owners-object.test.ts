import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { durableObjectStore } from "../src/index.ts";

const { index, epochs } = durableObjectStore(env.SESSIONS, { owners: env.OWNERS });
if (!index || !epochs) throw new Error("The store has an index and epochs.");
const objectOf = (name: string) => env.OWNERS.get(env.OWNERS.idFromName(name));
const parts = Array.from({ length: 16 }, (_, part) => `index ${part}`);

/** How many rows each table has, and when the object wakes up. */
const noted = (name: string) =>
  runInDurableObject(objectOf(name), async (_object, { storage }) => {
    const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('notes', 'epoch')").toArray();
    const count = (table: string) => Number(storage.sql.exec(`SELECT COUNT(*) AS count FROM ${table}`).one().count);
    const rows = Object.fromEntries(tables.map(({ name: table }) => [table, count(String(table))]));
    return { rows: rows as Record<string, number>, alarm: await storage.getAlarm() };
  });

describe("the owners' objects", () => {
  it("share the records of an app, and keep them when they are evicted", async () => {
    const owner = crypto.randomUUID();
    const keys = Array.from({ length: 200 }, () => crypto.randomUUID());
    await Promise.all(keys.map((key) => index.add(key, { owner, due: null }, 60_000)));
    const counts = await Promise.all(parts.map(async (part) => Number((await noted(part)).rows.notes ?? 0)));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    for (const part of parts) await evictDurableObject(objectOf(part));
    expect([...(await index.ofOwner(owner))].sort()).toEqual(keys.sort());
  });

  it("keep nothing for being asked", async () => {
    const owner = crypto.randomUUID();
    expect(await epochs.of(owner)).toBe(0);
    expect(await noted(`epoch ${owner}`)).toEqual({ rows: {}, alarm: null });
    const object = objectOf(`asked ${owner}`);
    for (const question of [
      ["ofOwner", owner],
      ["dueWithin", 1_000, 10],
      ["remove", owner],
    ]) {
      const answer = await object.fetch("https://session/", { method: "POST", body: JSON.stringify(question) });
      expect(await answer.json()).toEqual(question[0] === "remove" ? null : []);
    }
    expect(await noted(`asked ${owner}`)).toEqual({ rows: {}, alarm: null });
  });

  it("erase what has ended by an alarm, and then themselves", async () => {
    const owner = crypto.randomUUID();
    const name = `epoch ${owner}`;
    await epochs.advance(owner, 1);
    expect(await noted(name)).toMatchObject({ rows: { epoch: 1, notes: 0 } });
    while ((await noted(name)).alarm !== null) await runDurableObjectAlarm(objectOf(name));
    expect(await noted(name)).toEqual({ rows: {}, alarm: null });
  });

  it("count higher than before also after the count was forgotten", async () => {
    const owner = crypto.randomUUID();
    const name = `epoch ${owner}`;
    const first = await epochs.advance(owner, 1);
    while ((await noted(name)).alarm !== null) await runDurableObjectAlarm(objectOf(name));
    expect(await epochs.of(owner)).toBe(0);
    expect(await epochs.advance(owner, 60_000)).toBeGreaterThan(first);
  });

  it("wake up once an hour at most, however many records end", async () => {
    const owner = crypto.randomUUID();
    const object = objectOf(`lone ${owner}`);
    const post = (operation: unknown) =>
      object.fetch("https://session/", { method: "POST", body: JSON.stringify(operation) });
    await post(["add", "one", owner, null, 1]);
    await post(["add", "two", owner, null, 60_000]);
    await runDurableObjectAlarm(object);
    const alarm = await runInDurableObject(object, (_object, { storage }) => storage.getAlarm());
    expect(alarm ?? 0).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await (await post(["ofOwner", owner])).json()).toEqual(["two"]);
  });
});
