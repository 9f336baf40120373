import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Child, startChild } from "../lib/child-process.ts";
import { freePort } from "../lib/port.ts";

export interface SoakRedis {
  readonly url: string;
  signal(signal: NodeJS.Signals): void;
  /** Ends it, waits, and starts it again with all that it had said it kept. */
  restart(pause: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Redis that writes everything to disk before it answers: a restart may not be an excuse for a lost login. */
export async function startRedis(): Promise<SoakRedis> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-soak-"));
  const port = String(await freePort());
  const settings = ["--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const durable = ["--appendonly", "yes", "--appendfsync", "always"];
  const start = async (): Promise<Child> => {
    const child = startChild({
      name: "redis-server",
      command: ["redis-server", ...settings, ...durable],
      ready: /Ready to accept connections/,
    });
    await child.ready;
    return child;
  };
  let running = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    signal: (signal) => running.signal(signal),
    async restart(pause) {
      await running.stop();
      await wait(pause);
      running = await start();
    },
    async stop() {
      running.signal("SIGCONT");
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
