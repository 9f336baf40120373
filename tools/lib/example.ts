import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./child-process.ts";

export type ExampleName = "express" | "next" | "hono" | "worker" | "fastify";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

export function exampleExists(name: ExampleName): boolean {
  return existsSync(`${root}examples/${name}/package.json`);
}

/**
 * This process's environment with changes, and without what would make an example another app than the one asked for:
 * `undefined` takes a variable away.
 */
export function environmentWith(changes: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const apps = ["PORT", "BASE_URL", "SESSION_SECRET", "SPOTIFY_CLIENT_ID", "PROVIDER_URL", "PROVIDER_ROTATION"];
  const stores = ["REDIS_URL", "DATABASE_URL", "SESSION_STORE", "NODE_ENV"];
  const inherited = Object.entries(process.env).filter(([name]) => ![...apps, ...stores].includes(name));
  const changed = Object.entries(changes).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...inherited, ...changed]);
}

/** Starts a script of an example, as a person would, and is ready when the example has said where it listens. */
export function startExample(
  name: ExampleName,
  variables: Readonly<Record<string, string | undefined>>,
  script = "start",
): Child {
  return startChild({
    name,
    // The install was checked by the command that brought us here.
    command: ["pnpm", "--config.verify-deps-before-run=false", "run", script],
    // `check next-cells` has made the example into other apps.
    cwd: (name === "next" && process.env.PIXY_NEXT_FOLDER) || `${root}examples/${name}`,
    environment: environmentWith(variables),
    ready: /listening on (http:\/\/127\.0\.0\.1:\d+)\s|working every/,
  });
}
