import { applyPostgresSchema } from "@pixy/postgres";
import { Pool } from "pg";
import { missingPostgres, startPostgres as start } from "../../packages/postgres/test/postgres-server.ts";

export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** An empty Postgres with our tables, which does not wait for its disk; null where there is none. */
export async function startPostgres(): Promise<Postgres | null> {
  if (missingPostgres() !== null) return null;
  const server = await start();
  const pool = new Pool({ connectionString: server.url });
  await applyPostgresSchema(pool);
  await pool.end();
  return server;
}
