import { memoryStore, type RecordStore } from "@pixy/grants";
import { createClock, describeStore } from "@pixy/testing";
import { describe, expect, it } from "vitest";

const room = 4;

const createWith = (options: { readonly maxSessions?: number }) => () => {
  const { now, advance } = createClock();
  return { store: memoryStore({ now, ...options }), advance };
};

describeStore(
  { describe, it },
  { name: "memoryStore", create: createWith({}), small: { room, create: createWith({ maxSessions: room }) } },
);

describeStore(
  { describe, it },
  { name: "memoryStore on the process' own clock", create: () => ({ store: memoryStore() }) },
);

/** The promises that a store in memory does not keep once it is changed. */
async function brokenBy(change: (store: RecordStore) => Partial<RecordStore>): Promise<string[]> {
  const rows: [string, () => unknown][] = [];
  const create = () => {
    const { store, advance } = createWith({})();
    return { store: { ...store, ...change(store) }, advance };
  };
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: () => unknown) => void rows.push([name, body]),
  };
  describeStore(runner, { name: "changed", create });
  const broken: string[] = [];
  for (const [name, body] of rows) {
    try {
      await body();
    } catch {
      broken.push(name);
    }
  }
  return broken;
}

describe("the contract notices a store whose deletion", () => {
  it("says what it read before", async () => {
    const broken = await brokenBy((store) => ({
      async delete(key) {
        const before = await store.read(key);
        await store.delete(key);
        return before;
      },
    }));
    expect(broken).toEqual([
      "says it to exactly one of twenty",
      "beside a commit says what the commit has written, or else the commit is told that it is gone",
      "beside a replacement says what stands there no more",
    ]);
  });

  it("says nothing", async () => {
    const broken = await brokenBy((store) => ({ delete: async (key) => void (await store.delete(key)) }));
    expect(broken).toHaveLength(6);
  });
});
