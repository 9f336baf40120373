import { type Expiring, ExpiryQueue } from "./expiry-queue.ts";

interface Entry<Value> extends Expiring {
  readonly name: string;
  readonly value: Value;
  readonly bytes: number;
}

/** Keeps values for a time, within a number of bytes that the caller estimates for each. The oldest goes first. */
export class Recent<Value> {
  readonly #window: number;
  readonly #maxBytes: number;
  readonly #entries: Map<string, Entry<Value>> = new Map();
  // Besides the map, which finds its own first entry only by walking over all that were deleted before it.
  readonly #queue: ExpiryQueue<Entry<Value>> = new ExpiryQueue();
  #bytes = 0;

  /** @param window milliseconds */
  constructor(window: number, maxBytes: number = Number.POSITIVE_INFINITY) {
    this.#window = window;
    this.#maxBytes = maxBytes;
  }

  get(name: string, now: number): Value | undefined {
    const entry = this.#entries.get(name);
    return entry !== undefined && entry.until > now ? entry.value : undefined;
  }

  /** Keeps a value in the place of an earlier one. */
  set(name: string, value: Value, now: number, bytes = 0): void {
    this.delete(name);
    const entry: Entry<Value> = { name, value, bytes, until: now + this.#window, place: 0 };
    this.#entries.set(name, entry);
    this.#queue.add(entry);
    this.#bytes += bytes;
    for (let oldest = this.#queue.first; oldest !== undefined; oldest = this.#queue.first) {
      if (oldest.until > now && this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  /** Lets a value go, or this one only, and says whether it was there. */
  delete(name: string, only?: Value): boolean {
    const entry = this.#entries.get(name);
    if (entry === undefined || (only !== undefined && entry.value !== only)) return false;
    this.#drop(entry);
    return true;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #drop(entry: Entry<Value>): void {
    this.#entries.delete(entry.name);
    this.#queue.remove(entry);
    this.#bytes -= entry.bytes;
  }
}
