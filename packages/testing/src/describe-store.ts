import type { Acquired, CommitResult, SessionStore, StoredSession } from "@pixy/server";
import { above, equal, failure, within } from "./assertion.ts";
import type { Runner } from "./runner.ts";

/** A fresh store for one test. */
export interface StoreUnderTest {
  readonly store: SessionStore;
  /** Moves the store's clock by so many milliseconds; without it the tests use short leases and wait until they end. */
  readonly advance?: (milliseconds: number) => Promise<void> | void;
  /** Gives up what `create` opened. */
  readonly close?: () => Promise<void>;
}

export interface StoreContract {
  /** The name under which the tests are listed. */
  readonly name: string;
  readonly create: () => Promise<StoreUnderTest> | StoreUnderTest;
}

/** Milliseconds that no test outlives. */
const long = 600_000;
const lasting = { lease: long, intent: long };

/** Runs `SessionStore` as executable promises against a store. Failed promises throw, whatever the runner. */
export function describeStore({ describe, it }: Runner, contract: StoreContract): void {
  const row = (promise: string, body: (bench: Bench) => Promise<void>): void => {
    it(promise, async () => {
      const { store, advance, close } = await contract.create();
      try {
        await body(new Bench(store, advance));
      } finally {
        await close?.();
      }
    });
  };
  /** For promises that a browser's cookie keeps in place of the store. */
  const kept = (promise: string, body: (bench: Bench) => Promise<void>): void =>
    row(promise, async (bench) => (bench.store.scope === "cookie" ? undefined : body(bench)));

  describe(contract.name, () => {
    describe("a session", () => {
      row("is read as it was created", async (bench) => {
        const session = await bench.open("sealed");
        equal(await session.read(), { ...untouched, sealed: "sealed" });
      });

      row("is not there before it is created", async (bench) => {
        const session = bench.session();
        equal(await bench.store.read(session.key), null);
        equal(await bench.store.acquire(session.key, lasting), { state: "gone" });
        await bench.store.release(session.key, 1, { pause: long, failures: 1 });
        await bench.store.touch(session.key, long);
        equal(await bench.store.read(session.key), null);
      });

      // A store that leaves sessions in the cookie cannot tell one that it forgot from one that never was.
      kept("is not made by a commit or an end", async (bench) => {
        const session = bench.session();
        equal(await session.commit(1, "sealed"), "gone");
        equal(await session.end(1), "gone");
        equal(await bench.store.read(session.key), null);
      });

      row("comes back byte for byte", async (bench) => {
        for (const sealed of oddStrings) {
          const session = await bench.open(sealed);
          equal((await session.read())?.sealed, sealed);
          const renewed = `${sealed}.`;
          equal(await session.commit((await session.acquired()).fence, renewed), "committed");
          equal((await session.read())?.sealed, renewed);
        }
      });

      row("lives under any key and touches no other", async (bench) => {
        const sessions: TestSession[] = [];
        for (const key of oddKeys)
          sessions.push(await bench.open(`sealed for ${key}`, long, bench.session().key + key));
        for (const session of sessions) equal((await session.read())?.sealed, session.sealed);
        const [first, ...others] = sessions as [TestSession, ...TestSession[]];
        const { fence } = await first.acquired();
        for (const other of others) await other.acquired();
        equal(await first.commit(fence, "renewed"), "committed");
        await first.delete();
        for (const other of others) {
          equal((await other.read())?.sealed, other.sealed);
          equal((await other.acquire()).state, "held");
        }
      });

      kept("expires", async (bench) => {
        const session = await bench.open("sealed", bench.brief);
        await bench.passes(bench.brief, async () => (await session.read()) === null);
        equal((await session.acquire()).state, "gone");
        equal(await session.commit(1, "late"), "gone");
        equal(await session.end(1), "gone");
        await bench.store.touch(session.key, long);
        equal(await session.read(), null);
      });

      kept("is prolonged by touch", async (bench) => {
        const session = await bench.open("sealed", long);
        await bench.store.touch(session.key, bench.brief);
        await bench.passes(bench.brief, async () => (await session.read()) === null);
        if (!bench.advance) return;
        const other = await bench.open("sealed", 1_000);
        await bench.advance(900);
        await bench.store.touch(other.key, 1_000);
        await bench.advance(900);
        equal((await other.read())?.sealed, "sealed");
      });

      kept("lives on for as long as its commit says", async (bench) => {
        const session = await bench.open("sealed", long);
        equal(await session.commit((await session.acquired()).fence, "renewed", bench.brief), "committed");
        await bench.passes(bench.brief, async () => (await session.read()) === null);
      });

      kept("does not expire under a token request", async (bench) => {
        const ttl = 500;
        let session = await bench.open("sealed", ttl);
        let acquired = await session.acquire();
        // A machine that stalled for longer than the session lives has to begin again.
        while (acquired.state === "gone") {
          session = await bench.open("sealed", ttl);
          acquired = await session.acquire();
        }
        if (bench.advance) await bench.advance(2 * ttl);
        else await until(async () => Date.now() > session.createdAt + 2 * ttl);
        equal(await session.commit((acquired as Held).fence, "renewed"), "committed");
      });

      row("is gone once deleted, and nothing in flight brings it back", async (bench) => {
        const session = await bench.open("sealed");
        const { fence } = await session.acquired();
        await session.delete();
        equal(await session.read(), null);
        equal(await session.commit(fence, "late"), "gone");
        equal(await session.end(fence), "gone");
        await bench.store.release(session.key, fence, { pause: long, failures: 3 });
        await bench.store.touch(session.key, long);
        equal(await session.read(), null);
        equal((await session.acquire()).state, "gone");
        await session.delete();
      });
    });

    describe("a lease", () => {
      row("is held until it is released", async (bench) => {
        const session = await bench.open("sealed");
        const { fence, stored } = await session.acquired();
        equal(stored, { ...untouched, sealed: "sealed" });
        const held = await session.acquire();
        if (held.state !== "held") throw failure("held", held);
        within(held.remaining, 0, long);
        await bench.store.release(session.key, fence);
        await session.acquired();
      });

      row("goes to exactly one of fifty", async (bench) => {
        const session = await bench.open("sealed");
        let last = 0;
        for (let round = 0; round < 3; round++) {
          const answers = await Promise.all(Array.from({ length: 50 }, () => session.acquire()));
          const winners = answers.filter((answer) => answer.state === "acquired");
          equal(winners.length, 1);
          equal(answers.filter((answer) => answer.state === "held").length, 49);
          const { fence } = winners[0] as Acquired & { state: "acquired" };
          above(fence, last);
          last = fence;
          await bench.store.release(session.key, fence);
        }
      });

      row("ends by the store's clock", async (bench) => {
        const session = await bench.open("sealed");
        const { fence } = await session.acquired({ lease: bench.brief, intent: long });
        above((await bench.outlived(session)).fence, fence);
      });

      row("is given up by commit and by end, whatever they answer", async (bench) => {
        const session = await bench.open("sealed");
        const first = await session.acquired();
        equal(await session.commit(first.fence, "one"), "committed");
        const second = await session.acquired();
        equal(await session.end(second.fence), "committed");
        const third = await session.acquired();
        equal(await session.commit(second.fence - 1, "late"), "superseded");
        equal((await session.acquire()).state, "held");
        equal(await session.commit(third.fence, "three"), "committed");
        await session.acquired();
      });

      row("is not given up by who lost it", async (bench) => {
        const session = await bench.open("sealed");
        for (const giveUp of [
          (fence: number) => bench.store.release(session.key, fence),
          (fence: number) => session.commit(fence, "late"),
          (fence: number) => session.end(fence),
        ]) {
          const lost = await session.acquired({ lease: bench.brief, intent: long });
          const ours = await bench.outlived(session);
          await giveUp(lost.fence);
          equal((await session.acquire()).state, "held");
          equal(await session.commit(ours.fence, "ours"), "committed");
        }
      });
    });

    describe("a fence", () => {
      row("only grows", async (bench) => {
        const session = await bench.open("sealed");
        let last = 0;
        const grows = async (acquired: { fence: number }): Promise<number> => {
          above(acquired.fence, last);
          if (!Number.isSafeInteger(acquired.fence)) throw failure("a safe integer", acquired.fence);
          last = acquired.fence;
          return last;
        };
        await bench.store.release(session.key, await grows(await session.acquired()));
        equal(await session.commit(await grows(await session.acquired()), "renewed"), "committed");
        equal(await session.end(await grows(await session.acquired())), "committed");
        await grows(await session.acquired({ lease: bench.brief, intent: bench.brief }));
        await grows(await bench.outlived(session));
      });

      row("is higher than what the browser's cookie carries", async (bench) => {
        if (bench.store.scope !== "cookie") return;
        const carried = { sealed: "from another process", fence: 41 };
        const { key } = bench.session();
        equal((await bench.store.read(key, carried))?.sealed, carried.sealed);
        const acquired = await bench.store.acquire(key, { ...lasting, carried });
        if (acquired.state !== "acquired") throw failure("acquired", acquired);
        above(acquired.fence, 41);
        equal(acquired.stored.sealed, carried.sealed);
        equal(await bench.store.commit(key, acquired.fence, "renewed", long), "committed");
        equal((await bench.store.read(key, carried))?.sealed, "renewed");
        equal((await bench.store.read(key, { sealed: "newer", fence: acquired.fence + 1 }))?.sealed, "newer");
      });

      row("orders commits, not the order in which they arrive", async (bench) => {
        const session = await bench.open("sealed");
        const { lower, higher } = await bench.twoHolders(session);
        equal(await session.commit(higher, "newer"), "committed");
        equal(await session.commit(lower, "older"), "superseded");
        equal(await session.end(lower), "superseded");
        const stored = await session.read();
        equal([stored?.sealed, stored?.fence, stored?.ended], ["newer", higher, false]);
      });

      row("lets a later commit stand over an earlier one", async (bench) => {
        const session = await bench.open("sealed");
        const { lower, higher } = await bench.twoHolders(session);
        equal(await session.commit(lower, "older"), "committed");
        equal((await session.read())?.sealed, "older");
        equal(await session.commit(higher, "newer"), "committed");
        equal((await session.read())?.sealed, "newer");
      });

      row("lets nothing change when the same write is sent twice", async (bench) => {
        const session = await bench.open("sealed");
        const { fence } = await session.acquired();
        equal(await session.commit(fence, "renewed"), "committed");
        const again: CommitResult = await session.commit(fence, "renewed");
        if (again === "gone") throw failure("committed or superseded", again);
        const stored = await session.read();
        equal([stored?.sealed, stored?.fence], ["renewed", fence]);
      });
    });

    describe("an ended session", () => {
      row("keeps its fence and hands out no session", async (bench) => {
        const session = await bench.open("sealed");
        const { fence } = await session.acquired();
        equal(await session.end(fence), "committed");
        const stored = await session.read();
        equal([stored?.sealed, stored?.fence, stored?.ended, stored?.intents], [null, fence, true, []]);
        const next = await session.acquired();
        equal([next.stored.sealed, next.stored.ended], [null, true]);
      });

      row("is revived by a commit with a higher fence", async (bench) => {
        const session = await bench.open("sealed");
        const { lower, higher } = await bench.twoHolders(session);
        equal(await session.end(lower), "committed");
        equal(await session.commit(higher, "alive"), "committed");
        const stored = await session.read();
        equal([stored?.sealed, stored?.fence, stored?.ended], ["alive", higher, false]);
      });

      row("is not revived by a commit with a lower fence", async (bench) => {
        const session = await bench.open("sealed");
        const { lower, higher } = await bench.twoHolders(session);
        equal(await session.end(higher), "committed");
        equal(await session.commit(lower, "late"), "superseded");
        const stored = await session.read();
        equal([stored?.sealed, stored?.fence, stored?.ended], [null, higher, true]);
      });

      kept("is forgotten after its time", async (bench) => {
        const session = await bench.open("sealed");
        equal(await session.end((await session.acquired()).fence, bench.brief), "committed");
        await bench.passes(bench.brief, async () => (await session.read()) === null);
      });
    });

    describe("an intent", () => {
      row("is listed with its time until its holder reports back", async (bench) => {
        const session = await bench.open("sealed");
        const fences: number[] = [];
        for (const giveUp of [
          (fence: number) => bench.store.release(session.key, fence),
          (fence: number) => session.commit(fence, "renewed"),
          (fence: number) => session.end(fence),
        ]) {
          const { lower, higher } = await bench.twoHolders(session);
          fences.push(lower, higher);
          const intents = (await session.read())?.intents ?? [];
          equal(
            intents.map((intent) => intent.fence),
            [lower, higher],
          );
          for (const intent of intents) within(intent.remaining, 0, long);
          await giveUp(lower);
          equal(
            (await session.read())?.intents.map((intent) => intent.fence),
            [higher],
          );
          await giveUp(higher);
          equal((await session.read())?.intents, []);
        }
        equal(
          fences,
          [...fences].sort((a, b) => a - b),
        );
      });

      row("is shown to the next holder, who is not shown its own", async (bench) => {
        const session = await bench.open("sealed");
        const first = await session.acquired({ lease: bench.brief, intent: long });
        const second = await bench.outlived(session);
        equal(
          second.stored.intents.map((intent) => intent.fence),
          [first.fence],
        );
      });

      row("is waited for no longer than it says", async (bench) => {
        const session = await bench.open("sealed");
        await session.acquired({ lease: bench.brief, intent: bench.brief });
        await bench.passes(bench.brief, async () => (await session.read())?.intents.length === 0);
      });
    });

    describe("a pause", () => {
      row("keeps its time and the number of failures", async (bench) => {
        const session = await bench.open("sealed");
        await bench.store.release(session.key, (await session.acquired()).fence, { pause: long, failures: 2 });
        const stored = await session.read();
        within(stored?.pause ?? 0, 0, long);
        equal(stored?.failures, 2);
        const next = await session.acquired();
        within(next.stored.pause, 0, long);
        equal(next.stored.failures, 2);
        await bench.store.release(session.key, next.fence);
        within((await session.read())?.pause ?? 0, 0, long);
        equal((await session.read())?.failures, 2);
      });

      row("passes, the failures stay", async (bench) => {
        const session = await bench.open("sealed");
        const { fence } = await session.acquired();
        await bench.store.release(session.key, fence, { pause: bench.brief, failures: 1 });
        await bench.passes(bench.brief, async () => (await session.read())?.pause === 0);
        equal((await session.read())?.failures, 1);
      });

      row("is cleared with the failures by a commit", async (bench) => {
        const session = await bench.open("sealed");
        await bench.store.release(session.key, (await session.acquired()).fence, { pause: long, failures: 4 });
        equal(await session.commit((await session.acquired()).fence, "renewed"), "committed");
        const stored = await session.read();
        equal([stored?.pause, stored?.failures], [0, 0]);
      });

      row("is not brought on by who was superseded", async (bench) => {
        const session = await bench.open("sealed");
        const { lower, higher } = await bench.twoHolders(session);
        equal(await session.commit(higher, "renewed"), "committed");
        await bench.store.release(session.key, lower, { pause: long, failures: 1 });
        const stored = await session.read();
        equal([stored?.pause, stored?.failures, stored?.intents], [0, 0, []]);
      });
    });
  });
}

const untouched: Omit<StoredSession, "sealed"> = { fence: 0, ended: false, pause: 0, failures: 0, intents: [] };

const oddStrings = [
  "eyJhbGciOiJBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIn0.c2VhbGVk.aXY.dGV4dA.dGFn",
  "x".repeat(16 * 1024 - 1),
  "\u0000\u0001\r\n\t\u007f\u0080\u00ff\u2028\ufeff\uffff",
  "“ключ” 鍵 🗝️ e\u0301",
  `"'\`\\ {} [] % $ & < > ; --`,
  "null",
  "0",
  " padded ",
];

const oddKeys = [
  "",
  ":",
  ":lease",
  "*",
  "{a}",
  "}{",
  "/../x?y#z",
  "%2f",
  " \r\n\t\0",
  "__proto__",
  "🗝️",
  "é",
  "e\u0301",
];

type Held = Acquired & { state: "acquired" };

/** The store with a clock: its own where it can be moved, the world's where it cannot. */
class Bench {
  readonly store: SessionStore;
  readonly advance: ((milliseconds: number) => Promise<void> | void) | undefined;
  /** A time that is waited for. */
  readonly brief: number;

  constructor(store: SessionStore, advance: StoreUnderTest["advance"]) {
    this.store = store;
    this.advance = advance;
    this.brief = advance ? 5_000 : 120;
  }

  session(key: string = crypto.randomUUID()): TestSession {
    return new TestSession(this.store, key, "");
  }

  async open(sealed: string, ttl: number = long, key: string = crypto.randomUUID()): Promise<TestSession> {
    await this.store.create(key, sealed, ttl);
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

/** One session with the cookie that a browser would send for it. */
class TestSession {
  readonly store: SessionStore;
  readonly key: string;
  readonly sealed: string;
  readonly createdAt: number = Date.now();

  constructor(store: SessionStore, key: string, sealed: string) {
    this.store = store;
    this.key = key;
    this.sealed = sealed;
  }

  get carried(): { sealed: string; fence: number } {
    return { sealed: this.sealed, fence: 0 };
  }

  async read(): Promise<StoredSession | null> {
    return this.store.read(this.key, this.carried);
  }

  async acquire(times: { lease: number; intent: number } = lasting): Promise<Acquired> {
    return this.store.acquire(this.key, { ...times, carried: this.carried });
  }

  async acquired(times?: { lease: number; intent: number }): Promise<Held> {
    const acquired = await this.acquire(times);
    if (acquired.state !== "acquired") throw failure("acquired", acquired);
    return acquired;
  }

  async commit(fence: number, sealed: string, ttl: number = long): Promise<CommitResult> {
    return this.store.commit(this.key, fence, sealed, ttl);
  }

  async end(fence: number, ttl: number = long): Promise<CommitResult> {
    return this.store.end(this.key, fence, ttl);
  }

  async delete(): Promise<void> {
    await this.store.delete(this.key);
  }
}

async function until(happened: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error("what was waited for did not happen within 30 seconds");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
