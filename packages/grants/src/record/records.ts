import { ExpiryQueue } from "../process/expiry-queue.ts";
import type { RecordState } from "./step.ts";

/**
 * What a record is kept for.
 * - `busy`: a token request is on its way, or may be: a live lease or intent.
 * - `live`: content that somebody may ask for.
 * - `paused`: no content, but how long nobody asks the provider.
 * - `ended`: the refresh token is dead.
 * - `deleted`: nothing but that it was there.
 */
export type RecordKind = "busy" | "live" | "paused" | "ended" | "deleted";

export function kindOf(state: RecordState, now: number): RecordKind {
  if (state.deleted) return "deleted";
  if (busyUntil(state) > now) return "busy";
  if (state.ended) return "ended";
  return state.sealed === null ? "paused" : "live";
}

/** The moment from which nobody waits for a token request of this record; 0 when none is on its way. */
function busyUntil(state: RecordState): number {
  return state.intents.reduce((latest, { until }) => Math.max(latest, until), state.lease?.until ?? 0);
}

interface Entry {
  readonly key: string;
  state: RecordState;
  kind: RecordKind;
  until: number;
  place: number;
}

/** The records of this process, by key, and of each kind in the order in which they end. */
export class Records {
  readonly #entries: Map<string, Entry> = new Map();
  readonly #queues: Readonly<Record<RecordKind, ExpiryQueue<Entry>>> = {
    busy: new ExpiryQueue(),
    live: new ExpiryQueue(),
    paused: new ExpiryQueue(),
    ended: new ExpiryQueue(),
    deleted: new ExpiryQueue(),
  };

  get(key: string): RecordState | null {
    return this.#entries.get(key)?.state ?? null;
  }

  get size(): number {
    return this.#entries.size;
  }

  count(kind: RecordKind): number {
    return this.#queues[kind].size;
  }

  /** Keeps a record in the place of the one before; `null` drops it. */
  set(key: string, state: RecordState | null, now: number): void {
    const known = this.#entries.get(key);
    if (known?.state === state) return;
    if (known) this.#queues[known.kind].remove(known);
    if (state === null) {
      this.#entries.delete(key);
      return;
    }
    const entry = known ?? { key, state, kind: "live", until: 0, place: 0 };
    entry.state = state;
    this.#entries.set(key, entry);
    this.#enqueue(entry, now);
  }

  /** Drops the record of a kind that would end next. */
  dropFirst(kind: RecordKind): void {
    const entry = this.#queues[kind].first;
    if (entry) this.#drop(entry);
  }

  /** Drops what has ended. A record is looked at when it does, and at no other time. */
  sweep(now: number): void {
    for (const queue of Object.values(this.#queues)) {
      for (let entry = queue.first; entry !== undefined && entry.until <= now; entry = queue.first) {
        if (entry.state.expiresAt <= now) this.#drop(entry);
        else {
          // Nobody waits for its token request any more.
          queue.remove(entry);
          this.#enqueue(entry, now);
        }
      }
    }
  }

  #enqueue(entry: Entry, now: number): void {
    entry.kind = kindOf(entry.state, now);
    entry.until = entry.kind === "busy" ? busyUntil(entry.state) : entry.state.expiresAt;
    this.#queues[entry.kind].add(entry);
  }

  #drop(entry: Entry): void {
    this.#queues[entry.kind].remove(entry);
    this.#entries.delete(entry.key);
  }
}
