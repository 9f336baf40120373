import type { Acquired, RecordStore } from "@pixy/grants";
import { above, equal } from "../contract/assertion.ts";
import type { StoreUnderTest } from "./store-contract.ts";
import { type Held, TestSession } from "./test-session.ts";
import { long, until } from "./times.ts";

/** The store with a clock: its own where it can be moved, the world's where it cannot. */
export class Bench {
  readonly store: RecordStore;
  readonly advance: ((milliseconds: number) => Promise<void> | void) | undefined;
  /** A time that is waited for. */
  readonly brief: number;

  constructor(store: RecordStore, advance: StoreUnderTest["advance"]) {
    this.store = store;
    this.advance = advance;
    this.brief = advance ? 5_000 : 120;
  }

  session(key: string = crypto.randomUUID()): TestSession {
    return new TestSession(this.store, key, "");
  }

  async open(sealed: string, ttl: number = long, key: string = crypto.randomUUID()): Promise<TestSession> {
    equal(await this.store.create(key, sealed, ttl), "created");
    return new TestSession(this.store, key, sealed);
  }

  /** Lets the time pass: `happened` is false just before, where the clock can be moved, and true after it. */
  async passes(milliseconds: number, happened: () => Promise<boolean>): Promise<void> {
    if (!this.advance) return until(happened);
    await this.advance(milliseconds - 10);
    equal(await happened(), false);
    await this.advance(20);
    equal(await happened(), true);
  }

  /** Takes a lease as soon as the brief one before it has ended. */
  async outlived(session: TestSession): Promise<Held> {
    let acquired: Acquired | undefined;
    await this.passes(this.brief, async () => {
      acquired = await session.acquire();
      return acquired.state === "acquired";
    });
    return acquired as Held;
  }

  /** Two workers that both believe to hold the lease: the first was paused for longer than its own. */
  async twoHolders(session: TestSession): Promise<{ lower: number; higher: number }> {
    const { fence: lower } = await session.acquired({ lease: this.brief, intent: long });
    const { fence: higher } = await this.outlived(session);
    above(higher, lower);
    return { lower, higher };
  }
}
