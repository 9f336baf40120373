import { postgresStore } from "@pixy/postgres";
import { redisStore } from "@pixy/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { usePool, withPostgres } from "../lib/postgres.ts";
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
  const postgres = usePool();

  describeSharing((input) =>
    createSharingApp({ kept: postgresStore({ ...postgres, app: `app-${apps++}` }), ...input }),
  );
});
