import { type Expiring, ExpiryQueue } from "../process/expiry-queue.ts";

interface Epoch extends Expiring {
  readonly owner: string;
  readonly count: number;
}

/** How often everything of an owner was ended in this process. */
export class MemoryEpochs {
  readonly #epochs: Map<string, Epoch> = new Map();
  readonly #ends: ExpiryQueue<Epoch> = new ExpiryQueue();

  get size(): number {
    return this.#epochs.size;
  }

  /** The count of an owner; 0 where there is none. */
  of(owner: string): number {
    return this.#epochs.get(owner)?.count ?? 0;
  }

  /** Counts one more, and keeps it for `ttlMs` at least. */
  advance(owner: string, ttlMs: number, now: number): number {
    const known = this.#epochs.get(owner);
    if (known) this.#ends.remove(known);
    const epoch = { owner, count: this.of(owner) + 1, until: Math.max(known?.until ?? 0, now + ttlMs), place: 0 };
    this.#epochs.set(owner, epoch);
    this.#ends.add(epoch);
    return epoch.count;
  }

  /** Forgets what has ended. */
  sweep(now: number): void {
    for (let next = this.#ends.first; next && next.until <= now; next = this.#ends.first) {
      this.#ends.remove(next);
      this.#epochs.delete(next.owner);
    }
  }
}
