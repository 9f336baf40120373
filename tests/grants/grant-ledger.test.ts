import { describe, expect, it } from "vitest";
import { createGrantsWorld } from "../lib/grants-world.ts";

const day = 86_400_000;
const ada = { owner: "ada" };

describe("the grants in their store", () => {
  it("are kept while they are used, and told so once a day", async () => {
    const world = createGrantsWorld({ options: { idle: 30 * 86_400 } });
    let touches = 0;
    const store = {
      ...world.store,
      touch: (key: string, ttl: number) => {
        touches++;
        return world.store.touch(key, ttl);
      },
    };
    const grants = world.again({ store });
    await grants.save(ada, { accessToken: "endless" });
    for (let hours = 0; hours < 60 * 24; hours += 6) {
      await grants.of(ada).accessToken();
      world.clock.advance(day / 4);
    }
    expect(touches).toBe(59);
    world.clock.advance(30 * day);
    expect(await grants.has(ada)).toBe(false);
  });

  it("are found by their owner as long as they are there", async () => {
    const { grants, clock } = createGrantsWorld({ options: { idle: 30 * 86_400 } });
    await grants.save(ada, { accessToken: "endless" });
    for (let days = 0; days < 60; days += 2) {
      expect(await grants.list(ada)).toHaveLength(1);
      await grants.of(ada).accessToken();
      clock.advance(2 * day);
    }
  });

  it("do without an index that fails: it is a hint", async () => {
    const { again, store, tokens } = createGrantsWorld();
    const add = () => {
      throw new Error("no index today");
    };
    const grants = again({ store: { ...store, index: { ...(store.index as NonNullable<typeof store.index>), add } } });
    await grants.save(ada, tokens());
    expect([await grants.has(ada), await grants.list(ada)]).toEqual([true, []]);
  });
});
