import {
  type Acquired,
  type CommitResult,
  ConfigurationError,
  cachedReads,
  checkMaxStale,
  checkMembers,
  emptyRecord,
  type Living,
  type Members,
  type RecordStore,
  type StoredRecord,
  viewOf,
} from "@pixy/grants";
import { escaped, unescaped } from "./escaped.ts";
import { listening, type PostgresListener } from "./listening.ts";
import { postgresChanges } from "./postgres-changes.ts";
import { postgresEpochs, postgresIndex } from "./postgres-owners.ts";
import { checkPool, type PostgresPool, queryBy, type Row } from "./postgres-pool.ts";
import { checkSchemaName, defaultSchema } from "./schema.ts";
import { settlements } from "./settlements.ts";

export interface PostgresStoreOptions {
  /** A `Pool` of `pg`; how long to wait for a connection and for an answer is set there. */
  readonly pool: PostgresPool;
  /** Apps on one database keep apart by it: letters, digits, `-`, `_`, `.`. Default `"pixy"`. */
  readonly app?: string;
  /**
   * Makes a `Client` of `pg`, connected to Postgres itself and not to a pooler. With it a process that waits for another one's
   * refresh is told at once (`LISTEN`), besides looking again every 25 to 250 milliseconds. And a record that nobody changes is
   * read once: what another process changed is seen when its notification comes, a logout, too.
   */
  readonly listenWith?: () => PostgresListener;
  /**
   * With `listenWith`: a record is read again after so many milliseconds, also where no notification came. Default 10,000; 0
   * reads each time.
   */
  readonly maxStaleMs?: number;
  /** The Postgres schema that the tables stand in. Default `"pixy"`. */
  readonly schema?: string;
}

/**
 * Keeps records in Postgres, so that every process sees the same ones and a refresh is one for all of them. Each operation
 * is one statement and one round trip; the tables come from `postgresSchema`. Has an index and epochs.
 *
 * What the pool rejects with is passed on, but for `ConfigurationError` `schema_missing` where the tables are not there,
 * and `StoreFullError` where the disk is full. An error of an idle connection does not end the process: the store listens.
 *
 * @throws TypeError for something that is no pool
 * @throws ConfigurationError `invalid_option` for an option that there is not, or that cannot be used
 * @example
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * await applyPostgresSchema(pool);
 * const auth = pixy({ provider: spotify, clientId, baseUrl, secret, store: postgresStore({ pool }) });
 */
export function postgresStore(options: PostgresStoreOptions): RecordStore {
  const names = { pool: 1, app: 1, listenWith: 1, maxStaleMs: 1, schema: 1 } satisfies Members<
    keyof PostgresStoreOptions
  >;
  checkMembers("", options, names);
  const pool = checkPool(options.pool);
  const app = checkApp(options.app ?? "pixy");
  const schema = checkSchemaName(options.schema ?? defaultSchema);
  const maxStaleMs = checkMaxStale(options.maxStaleMs);
  const query = queryBy(pool, schema);
  survive(pool);
  const connection = options.listenWith && listening(options.listenWith, schema);
  const settled = connection && settlements(connection);
  const topic = (key: string) => `${app} ${escaped(key)}`;

  /** Calls one of our functions, and returns its rows. */
  const call = (name: string, ...values: unknown[]): Promise<readonly Row[]> => {
    const places = [app, ...values].map((_, index) => `$${index + 1}`);
    return query(`SELECT * FROM ${schema}.v1_${name}(${places})`, [app, ...values.map(parameter)]);
  };
  const answerOf = async (name: string, ...values: unknown[]) =>
    Object.values((await call(name, ...values))[0] ?? {})[0];

  async function readLiving(key: string): Promise<Living | null> {
    const [row] = await call("read_living", key);
    return row === undefined ? null : { stored: storedRecord(row), life: Number(row.expires_at) - Number(row.moment) };
  }

  const store: RecordStore = {
    name: "postgres",
    reach: "shared",
    async create(key, sealed, ttl) {
      return (await answerOf("begin", key, sealed, ttl, false)) as "created" | "exists";
    },
    async replace(key, sealed, ttl) {
      await call("begin", key, sealed, ttl, true);
    },
    async read(key) {
      return (await readLiving(key))?.stored ?? null;
    },
    async acquire(key, { lease, intent }): Promise<Acquired> {
      const waits = settled?.expect(topic(key)) ?? false;
      const [row = {}] = await call("acquire", key, lease, intent, waits);
      if (row.state === "acquired") {
        return { state: "acquired", fence: Number(row.number), stored: storedRecord(row) };
      }
      return row.state === "held" ? { state: "held", remaining: Number(row.number) } : { state: "gone" };
    },
    async commit(key, fence, sealed, ttl) {
      return (await answerOf("write", key, fence, sealed, ttl)) as CommitResult;
    },
    async end(key, fence, ttl) {
      return (await answerOf("write", key, fence, null, ttl)) as CommitResult;
    },
    async release(key, fence, { pause = null, note = null }: { pause?: number | null; note?: string | null } = {}) {
      await call("release", key, fence, pause, note);
    },
    async touch(key, ttl) {
      await call("touch", key, ttl);
    },
    async delete(key) {
      const [row] = await call("remove", key);
      return row === undefined ? null : storedRecord(row);
    },
    ...(settled && { settled: (key: string, within: number) => settled.wait(topic(key), within) }),
    index: postgresIndex(call),
    epochs: postgresEpochs(answerOf),
  };
  if (connection === undefined || maxStaleMs === 0) return store;
  return cachedReads(store, { changes: postgresChanges(connection, app, call), readLiving, maxStaleMs });
}

const survivors = new WeakSet<PostgresPool>();

/** Without a listener, the restart of a database would end the process of an app that has none. */
function survive(pool: PostgresPool): void {
  if (!survivors.has(pool)) pool.on("error", () => {});
  survivors.add(pool);
}

/** Postgres takes whole milliseconds, and no NUL. */
function parameter(value: unknown): unknown {
  if (typeof value === "number") return Math.ceil(value);
  return typeof value === "string" ? escaped(value) : value;
}

/** Numbers beyond 32 bits come as text. */
function storedRecord(row: Row): StoredRecord {
  const numbers = (row.intents as readonly unknown[]).map(Number);
  const intents = numbers.flatMap((fence, at) => (at % 2 === 0 ? [{ fence, until: numbers[at + 1] ?? 0 }] : []));
  const text = (value: unknown) => (typeof value === "string" ? unescaped(value) : null);
  return viewOf(
    {
      ...emptyRecord,
      ...{ sealed: text(row.sealed), fence: Number(row.fence), ended: row.ended === true },
      ...{ pauseUntil: Number(row.pause_until), note: text(row.note), intents },
    },
    Number(row.moment),
  );
}

function checkApp(app: string): string {
  if (/^[\w.-]{1,64}$/.test(app)) return app;
  const hint = "Give a short name of letters, digits, dashes, dots and underscores, such as the service's name.";
  throw new ConfigurationError(`The option app cannot be used. ${hint}`, {
    ...{ code: "invalid_option", option: "app", hint },
  });
}
