import { type Expiring, ExpiryQueue } from "../process/expiry-queue.ts";
import type { IndexEntry } from "./record-store.ts";

/** A moment of a record in a queue. */
interface Noted extends Expiring {
  readonly note: Note;
}

interface Note {
  readonly key: string;
  readonly owner: string | null;
  readonly end: Noted;
  readonly due: Noted | null;
}

/** What is noted of the records of this process: by owner, and in the order in which they are due and in which they end. */
export class MemoryIndex {
  readonly #notes: Map<string, Note> = new Map();
  readonly #owners: Map<string, Set<string>> = new Map();
  readonly #ends: ExpiryQueue<Noted> = new ExpiryQueue();
  readonly #dues: ExpiryQueue<Noted> = new ExpiryQueue();

  get size(): number {
    return this.#notes.size;
  }

  has(key: string): boolean {
    return this.#notes.has(key);
  }

  add(key: string, { owner, due }: IndexEntry, ttlMs: number, now: number): void {
    this.remove(key);
    const note: { -readonly [Name in keyof Note]: Note[Name] } = { key, owner, end: undefined as never, due: null };
    note.end = { until: now + ttlMs, place: 0, note };
    this.#notes.set(key, note);
    this.#ends.add(note.end);
    if (due !== null) {
      note.due = { until: now + due, place: 0, note };
      this.#dues.add(note.due);
    }
    if (owner !== null) this.#owners.set(owner, (this.#owners.get(owner) ?? new Set()).add(key));
  }

  remove(key: string): void {
    const note = this.#notes.get(key);
    if (!note) return;
    this.#notes.delete(key);
    this.#ends.remove(note.end);
    if (note.due) this.#dues.remove(note.due);
    if (note.owner === null) return;
    const keys = this.#owners.get(note.owner);
    keys?.delete(key);
    if (keys?.size === 0) this.#owners.delete(note.owner);
  }

  ofOwner(owner: string): readonly string[] {
    return [...(this.#owners.get(owner) ?? [])];
  }

  /** At most `limit` keys of what is due at `moment`, the earliest first. */
  dueAt(moment: number, limit: number): readonly string[] {
    const taken: Noted[] = [];
    for (let next = this.#dues.first; next && next.until <= moment && taken.length < limit; next = this.#dues.first) {
      this.#dues.remove(next);
      taken.push(next);
    }
    for (const noted of taken) this.#dues.add(noted);
    return taken.map(({ note }) => note.key);
  }

  /** Forgets what has ended. */
  sweep(now: number): void {
    for (let next = this.#ends.first; next && next.until <= now; next = this.#ends.first) this.remove(next.note.key);
  }
}
