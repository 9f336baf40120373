import { randomBytes } from "node:crypto";
import type { RecordStore } from "@pixy/grants";
import { applyPostgresSchema, postgresStore } from "@pixy/postgres";
import { redisStore } from "@pixy/redis";
import { Pool } from "pg";
import { createClient } from "redis";
import { startPostgres } from "../../packages/postgres/test/postgres-server.ts";
import { startEngine } from "../engines/servers.ts";

export type EngineName = "redis" | "postgres";

/** A server of its own with sessions in it, each noted under an owner who has five. */
export interface Stock {
  readonly store: RecordStore;
  readonly sessions: number;
  readonly bytesPerSession: number;
  /** The plans of what one operation makes the database do; none in Redis. */
  plansOf(operation: (store: RecordStore) => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

export const life = 30 * 86_400_000;
export const perOwner = 5;

export const keyOf = (session: number): string => `session-${String(session).padStart(36, "0")}`;
export const ownerOf = (session: number): string => `owner-${String(Math.floor(session / perOwner)).padStart(36, "0")}`;

/** As many characters as a session with Spotify's tokens takes, and as hard to compress. */
export const content = (): string => randomBytes(690).toString("base64url");

/** A hundred of all are due by now; the rest is spread over a month. */
const dueOf = (session: number, sessions: number): number =>
  session % Math.max(1, Math.floor(sessions / 100)) === 0 ? 0 : 3_600_000 + (session / sessions) * life;

export function stock(engine: EngineName, sessions: number): Promise<Stock> {
  return engine === "redis" ? inRedis(sessions) : inPostgres(sessions);
}

async function inRedis(sessions: number): Promise<Stock> {
  const engine = await startEngine("single");
  const client = await createClient({ url: `redis://127.0.0.1:${engine.ports[0]}` }).connect();
  const store = redisStore(client);
  const used = async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  const before = await used();
  const atOnce = 500;
  for (let first = 0; first < sessions; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, sessions - first) }, (_, index) => first + index);
    await Promise.all(
      some.flatMap((session) => [
        store.index?.add(keyOf(session), { owner: ownerOf(session), due: dueOf(session, sessions) }, life),
        store.create(keyOf(session), content(), life),
      ]),
    );
  }
  return {
    ...{ store, sessions, bytesPerSession: ((await used()) - before) / sessions, plansOf: async () => [] },
    async close() {
      client.destroy();
      await engine.stop();
    },
  };
}

async function inPostgres(sessions: number): Promise<Stock> {
  const server = await startPostgres("shared_buffers=512MB", "autovacuum=on");
  const pool = new Pool({ connectionString: server.url });
  pool.on("error", () => {});
  await applyPostgresSchema(pool);
  const store = postgresStore({ pool });
  const atOnce = 5_000;
  for (let first = 0; first < sessions; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, sessions - first) }, (_, index) => first + index);
    // The store's own functions, thousands in one transaction.
    await pool.query(
      `SELECT pixy.v1_note('pixy', key, owner, due, $5), pixy.v1_begin('pixy', key, content, $5, false)
       FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS one(key, owner, due, content)`,
      [
        ...[some.map(keyOf), some.map(ownerOf), some.map((one) => Math.round(dueOf(one, sessions)))],
        ...[some.map(content), life],
      ],
    );
  }
  await pool.query("ANALYZE");
  const { rows } = await pool.query("SELECT sum(pg_total_relation_size(relid)) AS bytes FROM pg_stat_user_tables");
  return {
    ...{ store, sessions, bytesPerSession: Number(rows[0].bytes) / sessions },
    async plansOf(operation) {
      const plans: string[] = [];
      const client = await pool.connect();
      client.on("notice", ({ message }) => void plans.push(message ?? ""));
      await client.query(`LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0;
        SET auto_explain.log_nested_statements = on; SET auto_explain.log_analyze = on; SET client_min_messages = log`);
      const one = new Proxy(pool, {
        get(target, name) {
          if (name === "query") return (text: string, values: unknown[]) => client.query(text, values);
          const member = Reflect.get(target, name) as unknown;
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
      await operation(postgresStore({ pool: one }));
      client.release(true);
      return plans.filter((plan) => plan.includes("Query Text"));
    },
    async close() {
      await pool.end();
      await server.stop();
    },
  };
}
