export { applyPostgresSchema } from "./apply-schema.ts";
export type { PostgresListener } from "./listening.ts";
export type { PostgresConnection, PostgresPool } from "./postgres-pool.ts";
export { type PostgresStoreOptions, postgresStore } from "./postgres-store.ts";
export { postgresSchema } from "./schema.ts";
