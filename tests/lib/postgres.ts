import { missingPostgres } from "../../packages/postgres/test/postgres-server.ts";
import { type Requirement, requirement } from "./requirement.ts";

export { type PostgresServer, startPostgres } from "../../packages/postgres/test/postgres-server.ts";

/** `describe` for tests that need a Postgres: see `requirement`. */
export const withPostgres: Requirement = requirement(
  "Postgres",
  missingPostgres() === null,
  "apt-get install -y --no-install-recommends postgresql",
);
