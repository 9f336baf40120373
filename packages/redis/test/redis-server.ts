import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Redis of our own on a free port. */
export interface RedisServer {
  readonly port: number;
  /** Kills the process and starts it again on the same port; what it held is lost. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const program: string = process.env.REDIS_SERVER ?? "redis-server";

/** The command that would enable the tests, or `null` where there is a Redis. */
export function missingRedis(): string | null {
  if (spawnSync(program, ["--version"]).status === 0) return null;
  if (process.env.CI === "true") throw new Error(`${program} was not found: apt-get install redis-server`);
  return "apt-get install redis-server, or set REDIS_SERVER to its path";
}

export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), "pixy-redis-"));
  const port = await freePort();
  const launch = async () => {
    const process = spawn(
      program,
      [
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        directory,
        ...settings,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let log = "";
    await new Promise<void>((resolve, reject) => {
      process.once("exit", () => reject(new Error(`redis-server did not start:\n${log}`)));
      process.stdout.on("data", (chunk) => {
        log += chunk;
        if (log.includes("Ready to accept connections")) resolve();
      });
    });
    return process;
  };
  const kill = async () => {
    if (process.exitCode !== null || process.signalCode !== null) return;
    process.kill("SIGKILL");
    await once(process, "exit");
  };
  let process = await launch();
  return {
    port,
    async restart() {
      await kill();
      process = await launch();
    },
    async stop() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
