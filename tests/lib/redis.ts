import { tmpdir } from "node:os";
import { type Child, startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";
import { onPath } from "./on-path.ts";
import { type Requirement, requirement } from "./requirement.ts";

export interface Redis {
  readonly url: string;
  /** Sends a signal to the server when it is one of ours. */
  signal(signal: NodeJS.Signals): void;
  /** Kills the server when it is one of ours, and starts an empty one in its place after `meanwhile`. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Ends the server when it is one of ours. */
  stop(): Promise<void>;
}

/** `$REDIS_URL`, else the `redis-server` on PATH, else null: how to come by a Redis, without starting one. */
export function findRedis(): { readonly start: () => Promise<Redis> } | null {
  const url = process.env.REDIS_URL;
  if (url) return { start: async () => ({ url, signal: () => {}, restart: async () => {}, stop: async () => {} }) };
  const program = onPath("redis-server");
  return program === null ? null : { start: () => startRedis(program) };
}

/** An empty server on a free port that keeps nothing on disk. */
async function startRedis(program: string): Promise<Redis> {
  const port = String(await freePort());
  const start = async (): Promise<Child> => {
    const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    const started = startChild({
      name: "redis-server",
      command: [program, ...settings],
      cwd: tmpdir(),
      ready: /Ready to accept connections/,
    });
    await started.ready;
    return started;
  };
  let child = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => child.signal(signal),
    async restart(meanwhile) {
      child.signal("SIGKILL");
      await child.ended;
      await meanwhile();
      child = await start();
    },
    stop: () => child.stop(),
  };
}

/** `describe` for tests that need a Redis: see `requirement`. */
export const withRedis: Requirement = requirement(
  "Redis",
  findRedis() !== null,
  "apt-get install -y --no-install-recommends redis-server (or set REDIS_URL)",
);
