import { checkPool, type PostgresPool } from "./postgres-pool.ts";
import { postgresSchema } from "./schema.ts";

/**
 * Makes what the store needs, or brings it up to date, in one transaction. May be called by every process at its start,
 * where their user of the database may create a schema; else print it (`npx @pixy/postgres`) and run it once.
 *
 * @throws TypeError for something that is no pool
 * @throws ConfigurationError `invalid_option` for a schema's name that would have to be quoted
 */
export async function applyPostgresSchema(
  pool: PostgresPool,
  options: { readonly schema?: string } = {},
): Promise<void> {
  await checkPool(pool).query(postgresSchema(options));
}
