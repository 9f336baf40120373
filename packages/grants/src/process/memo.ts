interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  readonly bytes: number;
  newer: Entry<Value> | undefined;
  older: Entry<Value> | undefined;
}

const defaultMaxBytes = 32 * 1024 * 1024;

// Hashing a whole cookie costs more than everything else on a hot request. What is sealed ends in an authentication tag,
// so the end alone finds an entry and comparing the whole key decides; keys with the same end displace each other.
const indexLength = 32;

/**
 * Keeps the most recently used values within a number of bytes, which the caller estimates for each value.
 *
 * @example
 * const opened = new Memo<Session>(8 * 1024 * 1024);
 * opened.set(sealed, session, sealed.length * 2 + 1200);
 */
export class Memo<Value> {
  readonly #maxBytes: number;
  readonly #index: Map<string, Entry<Value>> = new Map();
  // A list, because a Map keeps deleted entries in its chains: moving one key to the end over and over, as a hot
  // session would, makes each look-up slower than the one before.
  #newest: Entry<Value> | undefined;
  #oldest: Entry<Value> | undefined;
  #bytes = 0;

  /** @param maxBytes the bound in bytes, 32 MiB by default; 0 keeps nothing */
  constructor(maxBytes: number = defaultMaxBytes) {
    if (!(maxBytes >= 0)) throw new RangeError("maxBytes must be a number of bytes, 0 or more");
    this.#maxBytes = maxBytes;
  }

  /** Returns the value and marks it as just used. */
  get(key: string): Value | undefined {
    const entry = this.#index.get(key.slice(-indexLength));
    if (entry === undefined || entry.key !== key) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry.value;
  }

  /** Keeps a value in place of an earlier one and drops the least recently used ones; one that is too large for the whole is not kept. */
  set(key: string, value: Value, bytes: number): void {
    if (!(bytes >= 0)) throw new RangeError("bytes must be 0 or more");
    this.#drop(this.#index.get(key.slice(-indexLength)));
    if (bytes > this.#maxBytes) return;
    const entry: Entry<Value> = { key, value, bytes, newer: undefined, older: undefined };
    this.#index.set(key.slice(-indexLength), entry);
    this.#append(entry);
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes) this.#drop(this.#oldest);
  }

  /** Forgets a value, at logout and when a session is replaced. */
  delete(key: string): void {
    const entry = this.#index.get(key.slice(-indexLength));
    if (entry?.key === key) this.#drop(entry);
  }

  /** The number of values kept. */
  get size(): number {
    return this.#index.size;
  }

  /** The bytes of the values kept. */
  get bytes(): number {
    return this.#bytes;
  }

  #drop(entry: Entry<Value> | undefined): void {
    if (entry === undefined) return;
    this.#index.delete(entry.key.slice(-indexLength));
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
  }

  #append(entry: Entry<Value>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: Entry<Value>): void {
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
  }
}
