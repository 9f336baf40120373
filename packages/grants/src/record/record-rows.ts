import { ExpiryQueue } from "../process/expiry-queue.ts";
import { busyUntil, kindOf, type RowKind, type SessionRow } from "./record-row.ts";

/**
 * The rows of session tables, by key, and of each kind in the order in which they end. All tables of the process that are
 * given the same ones hold the same sessions.
 */
export class SessionRows {
  readonly #rows = new Map<string, SessionRow>();
  readonly #queues: Readonly<Record<RowKind, ExpiryQueue<SessionRow>>> = {
    busy: new ExpiryQueue(),
    session: new ExpiryQueue(),
    pause: new ExpiryQueue(),
    refused: new ExpiryQueue(),
    deleted: new ExpiryQueue(),
  };

  get(key: string): SessionRow | undefined {
    return this.#rows.get(key);
  }

  get size(): number {
    return this.#rows.size;
  }

  count(kind: RowKind): number {
    return this.#queues[kind].size;
  }

  /** The row of this kind that ends next. */
  first(kind: RowKind): SessionRow | undefined {
    return this.#queues[kind].first;
  }

  /** Puts a row in its place: a new one, or one that was changed. */
  place(row: SessionRow, now: number): void {
    const known = this.#rows.get(row.key);
    if (known !== undefined) this.#queues[known.kind].remove(known);
    if (known !== row) this.#rows.set(row.key, row);
    row.kind = kindOf(row, now);
    row.until = row.kind === "busy" ? busyUntil(row) : row.expiresAt;
    this.#queues[row.kind].add(row);
  }

  drop(row: SessionRow): void {
    this.#queues[row.kind].remove(row);
    this.#rows.delete(row.key);
  }

  /** Drops what has ended. A row is looked at when it does, and at no other time. */
  sweep(now: number): void {
    for (const queue of Object.values(this.#queues)) {
      for (let row = queue.first; row !== undefined && row.until <= now; row = queue.first) {
        if (row.expiresAt <= now) this.drop(row);
        // Nobody waits for its token request any more.
        else this.place(row, now);
      }
    }
  }
}
