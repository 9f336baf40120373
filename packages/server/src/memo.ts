const defaultMaxBytes = 32 * 1024 * 1024;

/** Keeps the most recently used values within a number of bytes, which the caller estimates for each value. */
export class Memo<Value> {
  readonly #maxBytes: number;
  // A Map iterates in order of insertion, so its first key is the least recently used one.
  readonly #entries: Map<string, { readonly value: Value; readonly bytes: number }> = new Map();
  #bytes = 0;

  /** @param maxBytes the bound in bytes, 32 MiB by default; 0 keeps nothing */
  constructor(maxBytes: number = defaultMaxBytes) {
    if (!(maxBytes >= 0)) throw new RangeError("maxBytes must be a number of bytes, 0 or more");
    this.#maxBytes = maxBytes;
  }

  /** Returns the value and marks it as just used. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value in place of an earlier one and drops the least recently used ones; one that is too large for the whole is not kept. */
  set(key: string, value: Value, bytes: number): void {
    if (!(bytes >= 0)) throw new RangeError("bytes must be 0 or more");
    this.delete(key);
    if (bytes > this.#maxBytes) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  /** Forgets a value, at logout and when a session is replaced. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  /** The number of values kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** The bytes of the values kept. */
  get bytes(): number {
    return this.#bytes;
  }
}
