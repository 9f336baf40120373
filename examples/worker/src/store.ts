import { memoryStore, type RecordStore } from "@pixy/grants";
import { applyPostgresSchema, postgresStore } from "@pixy/postgres";
import { redisStore } from "@pixy/redis";
import { EnvironmentError } from "example-shared/environment";
import { redisClientOptions, reportRedisError } from "example-shared/redis-client";
import { Pool } from "pg";
import { createClient } from "redis";

/** Where the grants are that several processes share; both `null` for the memory of one process. */
export interface StoreUrls {
  readonly redisUrl: string | null;
  readonly databaseUrl: string | null;
}

/** Reads `DATABASE_URL`, beside the `REDIS_URL` that every example has. */
export function readDatabaseUrl(text: string | undefined, redisUrl: string | null): string | null {
  if (text === undefined || text.trim() === "") return null;
  const isPostgres = URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
  if (!isPostgres) throw new EnvironmentError("DATABASE_URL", 'set a URL such as "postgres://127.0.0.1:5432/app".');
  if (redisUrl !== null)
    throw new EnvironmentError("DATABASE_URL", "set it or REDIS_URL, not both: grants are kept in one.");
  return text;
}

/** Opens the store of the grants: in Postgres, in Redis, or in the memory of this process. */
export async function openStore({ redisUrl, databaseUrl }: StoreUrls): Promise<RecordStore> {
  if (databaseUrl !== null) return openPostgres(databaseUrl);
  if (redisUrl === null) return memoryStore();
  const client = createClient(redisClientOptions(redisUrl));
  client.on("error", reportRedisError);
  await client.connect();
  return redisStore(client);
}

async function openPostgres(connectionString: string): Promise<RecordStore> {
  const pool = new Pool({ connectionString, connectionTimeoutMillis: 2_000 });
  // An idle connection that breaks would end the process.
  pool.on("error", (error) => console.error(`Postgres: ${error.message}`));
  await applyPostgresSchema(pool);
  return postgresStore({ pool });
}
