/** What the object needs of a `DurableObjectState` whose class was named in `new_sqlite_classes`. */
export interface OwnersObjectState {
  readonly storage: {
    readonly sql: { exec(query: string, ...values: (string | number | null)[]): { toArray(): Row[] } };
    getAlarm(): Promise<number | null>;
    setAlarm(moment: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
}

type Row = Record<string, unknown>;

/** One step of the index or of an owner's epoch, by name. */
export type OwnersOperation =
  | readonly ["add", key: string, owner: string | null, due: number | null, ttl: number]
  | readonly ["remove", key: string]
  | readonly ["ofOwner", owner: string]
  | readonly ["dueWithin", within: number, limit: number]
  | readonly ["epoch"]
  | readonly ["advance", ttl: number];

/**
 * The Durable Object that knows which records an owner has and when they are due, or how often everything of an owner was
 * ended: `durableObjectStore` decides by the object's name. A Worker exports this class, binds it and names it in
 * `new_sqlite_classes` of a migration.
 */
export class PixyOwnersObject {
  /** Lets `DurableObjectNamespace<PixyOwnersObject>`, which `wrangler types` writes, take this class. */
  declare readonly __DURABLE_OBJECT_BRAND: never;
  readonly #storage: OwnersObjectState["storage"];

  constructor(state: OwnersObjectState) {
    this.#storage = state.storage;
  }

  /** Takes one step of `durableObjectStore`; nobody else can reach it. */
  async fetch(request: Request): Promise<Response> {
    // Nothing is awaited between the body and the answer but the alarm, so that each operation is one step.
    const operation = (await request.json()) as OwnersOperation;
    const [name] = operation;
    if (name !== "add" && name !== "advance") {
      // Nobody would erase what an object keeps for having been asked.
      return Response.json(this.#hasTables() ? (this.#take(operation, Date.now()) ?? null) : ofNothing[name]);
    }
    this.#createTables();
    const answer = this.#take(operation, Date.now());
    await this.#wakeAt(this.#firstEnd());
    return Response.json(answer ?? null);
  }

  /** Erases what has ended, and the whole object once nothing is left. */
  async alarm(): Promise<void> {
    if (!this.#hasTables()) return;
    for (const table of ["notes", "epoch"]) this.#run(`DELETE FROM ${table} WHERE ends <= ?`, Date.now());
    const next = this.#firstEnd();
    // What has ended is never told, so that erasing it can wait: many records end in an hour, and an alarm is a cost.
    if (next !== null) await this.#storage.setAlarm(Math.max(next, Date.now() + hourMs));
    else await this.#storage.deleteAll();
  }

  #take(operation: OwnersOperation, now: number): unknown {
    switch (operation[0]) {
      case "add": {
        const [, key, owner, due, ttl] = operation;
        const values = [key, owner, due === null ? null : now + due, now + ttl] as const;
        return void this.#run("INSERT OR REPLACE INTO notes (key, owner, due, ends) VALUES (?, ?, ?, ?)", ...values);
      }
      case "remove":
        return void this.#run("DELETE FROM notes WHERE key = ?", operation[1]);
      case "ofOwner":
        return this.#run("SELECT key FROM notes WHERE owner = ? AND ends > ?", operation[1], now).map(({ key }) => key);
      case "dueWithin": {
        const query = "SELECT key, due FROM notes WHERE due <= ? AND ends > ? ORDER BY due LIMIT ?";
        return this.#run(query, now + operation[1], now, operation[2]);
      }
      case "epoch":
        return this.#epoch()?.count ?? 0;
      case "advance": {
        const known = this.#epoch();
        // The time, so that the new count is above every earlier one also where that was forgotten.
        const count = Math.max((known?.count ?? 0) + 1, now);
        const ends = Math.max(known?.ends ?? 0, now + operation[1]);
        this.#run("INSERT OR REPLACE INTO epoch (id, count, ends) VALUES (0, ?, ?)", count, ends);
        return count;
      }
    }
  }

  #epoch(): { count: number; ends: number } | undefined {
    return this.#run("SELECT count, ends FROM epoch")[0] as { count: number; ends: number } | undefined;
  }

  #firstEnd(): number | null {
    const [row] = this.#run("SELECT MIN(ends) AS first FROM (SELECT ends FROM notes UNION ALL SELECT ends FROM epoch)");
    return (row?.first ?? null) as number | null;
  }

  async #wakeAt(moment: number | null): Promise<void> {
    if (moment === null) return;
    const alarm = await this.#storage.getAlarm();
    if (alarm === null || alarm > moment + hourMs) await this.#storage.setAlarm(moment);
  }

  #run(query: string, ...values: readonly (string | number | null)[]): Row[] {
    return this.#storage.sql.exec(query, ...values).toArray();
  }

  #hasTables(): boolean {
    return this.#run("SELECT name FROM sqlite_master WHERE name = 'notes'").length > 0;
  }

  /** An object that has erased itself has no tables either. */
  #createTables(): void {
    this.#run(`
      CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, owner TEXT, due INTEGER, ends INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS notes_owner ON notes (owner) WHERE owner IS NOT NULL;
      CREATE INDEX IF NOT EXISTS notes_due ON notes (due) WHERE due IS NOT NULL;
      CREATE INDEX IF NOT EXISTS notes_ends ON notes (ends);
      CREATE TABLE IF NOT EXISTS epoch (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, ends INTEGER NOT NULL);
    `);
  }
}

/** What is answered where nothing was ever noted. */
const ofNothing = { remove: null, ofOwner: [], dueWithin: [], epoch: 0 } as const;

const hourMs = 3_600_000;
