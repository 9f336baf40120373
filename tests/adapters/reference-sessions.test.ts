import { applyPostgresSchema, postgresStore } from "@pixy/postgres";
import { redisStore } from "@pixy/redis";
import { Redis } from "ioredis";
import { Pool } from "pg";
import { afterAll, beforeAll } from "vitest";
import { type PostgresServer, startPostgres, withPostgres } from "../lib/postgres.ts";
import { findRedis, type Redis as RedisServer, withRedis } from "../lib/redis.ts";
import { createSharingApp } from "../lib/sharing-app.ts";
import { describeSharing } from "../server/sharing-contract.ts";

let apps = 0;

withRedis("sessions by reference in Redis", () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = (await findRedis()?.start()) as RedisServer;
    client = new Redis(server.url);
  }, 60_000);
  afterAll(async () => {
    client?.disconnect();
    await server?.stop();
  });

  describeSharing((input) => createSharingApp({ kept: redisStore(client, { prefix: `app-${apps++}:` }), ...input }));
});

withPostgres("sessions by reference in Postgres", () => {
  let server: PostgresServer;
  let pool: Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new Pool({ connectionString: server.url });
    await applyPostgresSchema(pool);
  }, 60_000);
  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  describeSharing((input) => createSharingApp({ kept: postgresStore({ pool, app: `app-${apps++}` }), ...input }));
});
