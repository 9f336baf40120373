#!/usr/bin/env node
// `npx @pixy/postgres [schema]` prints the SQL of `postgresSchema`, for psql or for a folder of migrations.
import { postgresSchema } from "./schema.ts";

try {
  const schema = process.argv[2];
  process.stdout.write(postgresSchema(schema === undefined ? {} : { schema }));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
