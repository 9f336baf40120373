import { ConfigurationError, StoreFullError } from "@pixy/grants";

/** What the store needs of a `Pool` of `pg` 8, or of one that is made like it. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  connect(): Promise<PostgresConnection>;
  on(event: "error", listener: (error: Error) => void): unknown;
  /** How many connections it has; a single `Client` has no such number. */
  readonly totalCount: number;
}

/** One connection of the pool. */
export interface PostgresConnection {
  query(text: string): Promise<unknown>;
  on(event: string, listener: (...input: never[]) => void): unknown;
  release(destroy?: boolean): void;
}

/** Sends one statement, and returns its rows. */
export type Query = (text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

export type Row = Readonly<Record<string, unknown>>;

/**
 * Recognises a pool by its methods.
 *
 * @throws TypeError for anything else
 */
export function checkPool(pool: PostgresPool): PostgresPool {
  const has = (method: string) => typeof (pool as unknown as Record<string, unknown> | null)?.[method] === "function";
  if (has("query") && has("connect") && has("on")) {
    if (typeof pool.totalCount === "number") return pool;
    throw new TypeError(
      "postgresStore needs a Pool of pg, and this is a single Client, which does not come back after a lost connection. " +
        "Pass { pool: new Pool({ connectionString }) }.",
    );
  }
  throw new TypeError(
    "postgresStore needs a Pool of pg 8. Pass { pool: new Pool({ connectionString }) } with Pool from pg; " +
      "a client of postgres.js, Knex, Drizzle or Prisma is not one.",
  );
}

/**
 * Sends statements by a pool, without names, so that a pooler in between may give each to another connection. What two
 * strict transactions could not do at once has not happened, and is sent again.
 */
export function queryBy(pool: PostgresPool, schema: string): Query {
  return async (text, values) => {
    for (let again = 20; ; again--) {
      try {
        return (await pool.query(text, [...values])).rows as readonly Row[];
      } catch (error) {
        const code = codeOf(error);
        const collided = code === "40001" || code === "40P01";
        if (!collided || again === 0) throw explained(error, code, schema);
      }
    }
  };
}

/** The SQLSTATE of an error of Postgres: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** What is missing or full has a name; everything else is passed on as it is. */
function explained(cause: unknown, code: string | undefined, schema: string): unknown {
  switch (code) {
    case "3F000": // there is no such schema
    case "42883": // … function
    case "42P01": // … table
      return schemaMissing(cause, schema);
    case "53100":
      return new StoreFullError({ hint: "Give the database's disk more room.", cause });
    default:
      return cause;
  }
}

function schemaMissing(cause: unknown, schema: string): ConfigurationError {
  const hint = `Run once: npx @pixy/postgres ${schema} | psql $DATABASE_URL (or applyPostgresSchema(pool, { schema: "${schema}" })).`;
  return new ConfigurationError(`The tables of @pixy/postgres are not in this database. ${hint}`, {
    ...{ code: "schema_missing", option: "pool", hint, cause },
  });
}
