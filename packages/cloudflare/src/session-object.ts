import { emptyRecord, type Operation, type RecordState, step } from "@pixy/grants";

/** What the object needs of a `DurableObjectState`. */
export interface SessionObjectState {
  readonly storage: {
    get<T>(key: string): Promise<T | undefined>;
    put<T>(key: string, value: T): Promise<void>;
    deleteAll(): Promise<void>;
    setAlarm(moment: number): Promise<void>;
    deleteAlarm(): Promise<void>;
  };
}

/**
 * The Durable Object of one record. A Worker exports this class, binds it and names it in a migration.
 *
 * It speaks `fetch` and extends nothing, because RPC would need an import of `cloudflare:workers`, and an app that
 * names this package could then not be loaded by Node, in tests for one.
 */
export class PixySessionObject {
  /** Lets `DurableObjectNamespace<PixySessionObject>`, which `wrangler types` writes, take this class. */
  declare readonly __DURABLE_OBJECT_BRAND: never;
  readonly #storage: SessionObjectState["storage"];

  constructor(state: SessionObjectState) {
    this.#storage = state.storage;
  }

  /** Takes one step of `durableObjectStore`; nobody else can reach it. */
  async fetch(request: Request): Promise<Response> {
    // The body comes first: reading it lets other events in. From here on only storage is awaited, which does not, so
    // that reading, deciding and writing are one step; and no answer leaves before what was written is on disk.
    const operation = (await request.json()) as Operation;
    const known = await this.#read();
    const now = Date.now();
    const [record, answer] = step(known, operation, now);
    if (record === null) {
      if (known !== null) await this.#erase();
    } else if (record !== known) {
      const writes = [this.#storage.put(recordKey, record)];
      // Only a write may shorten the time; a longer one is seen when the alarm goes off.
      if (!known || record.expiresAt < known.expiresAt || known.expiresAt <= now) {
        writes.push(this.#storage.setAlarm(record.expiresAt));
      }
      await Promise.all(writes);
    }
    return Response.json(answer);
  }

  /** Erases the record once it has expired. */
  async alarm(): Promise<void> {
    const record = await this.#read();
    if (record && record.expiresAt > Date.now()) await this.#storage.setAlarm(record.expiresAt);
    else await this.#erase();
  }

  /** The first release knew no generations: what its records lack is as in an empty one. */
  async #read(): Promise<RecordState | null> {
    const kept = await this.#storage.get<Partial<RecordState>>(recordKey);
    return kept === undefined ? null : { ...emptyRecord, ...kept };
  }

  async #erase(): Promise<void> {
    await Promise.all([this.#storage.deleteAlarm(), this.#storage.deleteAll()]);
  }
}

const recordKey = "session";
