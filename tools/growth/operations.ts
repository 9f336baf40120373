import type { RecordStore } from "@pixy/grants";
import { content, keyOf, life, ownerOf, perOwner, type Stock } from "./stock.ts";

interface Operation {
  readonly name: string;
  /** What the store is asked on the way, each a round trip. */
  run(store: RecordStore, session: number): Promise<unknown>;
  /** Makes it as it was. */
  undo?(store: RecordStore, session: number): Promise<unknown>;
}

const lease = { lease: 15_000, intent: 30_000 };

/** What an app does with one session, as `@pixy/server` and `@pixy/grants` do it. */
export const operations: readonly Operation[] = [
  { name: "a request", run: async (store, session) => store.read(keyOf(session)) },
  {
    name: "a refresh",
    async run(store, session) {
      const acquired = await store.acquire(keyOf(session), lease);
      if (acquired.state === "acquired") await store.commit(keyOf(session), acquired.fence, content(), life);
    },
  },
  { name: "a touch", run: async (store, session) => store.touch(keyOf(session), life) },
  {
    name: "a login and its logout",
    async run(store, session) {
      const key = `new-${session}`;
      await store.index?.add(key, { owner: `new-${ownerOf(session)}`, due: life }, life);
      await store.create(key, content(), life);
      await store.delete(key);
      await store.index?.remove(key);
    },
  },
  {
    name: "log out everywhere: five sessions",
    async run(store, session) {
      const owner = ownerOf(session);
      await store.epochs?.advance(owner, life);
      const keys = (await store.index?.ofOwner(owner)) ?? [];
      for (const key of keys) {
        await store.delete(key);
        await store.index?.remove(key);
      }
    },
    async undo(store, session) {
      const first = session - (session % perOwner);
      for (let one = first; one < first + perOwner; one++) {
        await store.index?.add(keyOf(one), { owner: ownerOf(one), due: life }, life);
        await store.create(keyOf(one), content(), life);
      }
    },
  },
  { name: "what is due for upkeep: 100 of all", run: async (store) => store.index?.dueWithin(1_000, 100) },
];

export interface Cost {
  readonly operation: string;
  readonly trips: number;
  /** Milliseconds, the median. */
  readonly few: number;
  readonly many: number;
  readonly ratio: number;
}

/** A store that counts what it is asked. */
function counting(store: RecordStore) {
  let trips = 0;
  const counted = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member === "object" && member !== null) return counted(member);
        if (typeof member !== "function") return member;
        return (...input: unknown[]) => {
          trips++;
          return member.apply(target, input);
        };
      },
    });
  return { store: counted(store), trips: () => trips };
}

/** Does each operation on few sessions and on many in turn, so that what disturbs the machine disturbs both. */
export async function costsOf(few: Stock, many: Stock, rounds = 300): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (const { name, run, undo } of operations) {
    const counted = counting(many.store);
    await run(counted.store, 1);
    await undo?.(many.store, 1);
    const times = { few: [] as number[], many: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      for (const [of, { store, sessions }] of Object.entries({ few, many })) {
        const session = Math.floor(Math.random() * sessions);
        const start = performance.now();
        await run(store, session);
        times[of as "few" | "many"].push(performance.now() - start);
        await undo?.(store, session);
      }
    }
    const [least, most] = [median(times.few), median(times.many)];
    costs.push({ operation: name, trips: counted.trips(), few: least, many: most, ratio: most / least });
  }
  return costs;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
