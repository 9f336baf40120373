import type { Acquired, CommitResult, RecordStore, StoredRecord } from "@pixy/grants";
import { failure } from "../contract/assertion.ts";
import { lasting, long } from "./times.ts";

export const untouched: Omit<StoredRecord, "sealed"> = { fence: 0, ended: false, pause: 0, note: null, intents: [] };

export type Held = Acquired & { state: "acquired" };

/** One session, by its key. */
export class TestSession {
  readonly store: RecordStore;
  readonly key: string;
  readonly sealed: string;
  readonly createdAt: number = Date.now();

  constructor(store: RecordStore, key: string, sealed: string) {
    this.store = store;
    this.key = key;
    this.sealed = sealed;
  }

  async read(): Promise<StoredRecord | null> {
    return this.store.read(this.key);
  }

  async acquire(times: { lease: number; intent: number } = lasting): Promise<Acquired> {
    return this.store.acquire(this.key, times);
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

  async delete(): Promise<StoredRecord | null | undefined> {
    return (await this.store.delete(this.key)) as StoredRecord | null | undefined;
  }
}
