import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RecordStore, StorePart } from "@pixy/grants";
import { fileStore } from "@pixy/native";
import { applyPostgresSchema, postgresStore } from "@pixy/postgres";
import { redisStore } from "@pixy/redis";
import { Pool } from "pg";
import { createClient } from "redis";
import { connect, type EngineAddress } from "../engines/clients.ts";

interface OpenStore {
  readonly store: RecordStore;
  /** Takes away what was kept in it, and closes the connection. */
  close(): Promise<void>;
}

/**
 * Opens the store of an address: `redis:`, `postgres:`, `file:` with a directory, or a client and an engine of tools/engines as JSON. `name` keeps it
 * apart from others.
 */
export async function openStore(url: string, name: string): Promise<OpenStore> {
  if (url.startsWith("{")) {
    const { client, engine, ports } = JSON.parse(url) as EngineAddress;
    return connect(client, engine, ports, `${name}:`);
  }
  if (url.startsWith("file:")) return openFiles(join(fileURLToPath(url), name));
  return url.startsWith("postgres:") ? openPostgres(url, name) : openRedis(url, name);
}

async function openFiles(directory: string): Promise<OpenStore> {
  return { store: fileStore({ directory }), close: () => rm(directory, { recursive: true, force: true }) };
}

async function openRedis(url: string, name: string): Promise<OpenStore> {
  const client = createClient({ url });
  client.on("error", () => {});
  await client.connect();
  return {
    store: redisStore(client, { prefix: `${name}:` }),
    async close() {
      for await (const keys of client.scanIterator({ MATCH: `${name}:*` })) if (keys.length > 0) await client.del(keys);
      client.destroy();
    },
  };
}

async function openPostgres(connectionString: string, app: string): Promise<OpenStore> {
  const pool = new Pool({ connectionString, max: 5 });
  await applyPostgresSchema(pool);
  return {
    store: postgresStore({ pool, app }),
    async close() {
      for (const table of ["records", "hints", "epochs"]) {
        await pool.query(`DELETE FROM pixy.${table} WHERE app = $1`, [app]);
      }
      await pool.end();
    },
  };
}

/** What grants do without in a store. */
export function withoutOf(store: RecordStore): readonly StorePart[] {
  return (["index", "epochs"] as const).filter((part) => store[part] === undefined);
}
