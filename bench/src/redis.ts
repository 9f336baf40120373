import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";

export interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

/** `$REDIS_URL`, else an empty `redis-server` that keeps nothing on disk, else null. */
export async function startRedis(): Promise<Redis | null> {
  const url = process.env.REDIS_URL;
  if (url) return { url, stop: async () => {} };
  if (spawnSync("redis-server", ["--version"]).error !== undefined) return null;
  const port = String(await freePort());
  const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = startChild({
    name: "redis-server",
    command: ["redis-server", ...settings],
    cwd: tmpdir(),
    ready: /Ready to accept connections/,
  });
  await child.ready;
  return { url: `redis://127.0.0.1:${port}`, stop: () => child.stop() };
}
