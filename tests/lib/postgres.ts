import { applyPostgresSchema } from "@pixy/postgres";
import { Pool } from "pg";
import { afterAll, beforeAll } from "vitest";
import { missingPostgres, type PostgresServer, startPostgres } from "../../packages/postgres/test/postgres-server.ts";
import { type Requirement, requirement } from "./requirement.ts";

export { type PostgresServer, startPostgres } from "../../packages/postgres/test/postgres-server.ts";

/** `describe` for tests that need a Postgres: see `requirement`. */
export const withPostgres: Requirement = requirement(
  "Postgres",
  missingPostgres() === null,
  "apt-get install -y --no-install-recommends postgresql",
);

/** A Postgres of its own for the tests of a `describe`, with our schema in it. */
export function usePool(): { readonly pool: Pool } {
  let server: PostgresServer;
  const made = {} as { pool: Pool };
  beforeAll(async () => {
    server = await startPostgres();
    made.pool = new Pool({ connectionString: server.url });
    await applyPostgresSchema(made.pool);
  }, 60_000);
  afterAll(async () => {
    await made.pool?.end();
    await server?.stop();
  });
  return made;
}
