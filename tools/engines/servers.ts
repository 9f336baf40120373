import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Child, startChild } from "../lib/child-process.ts";
import { freePort } from "../lib/port.ts";

export type EngineName = "single" | "cluster" | "sentinel";

/** A Redis of our own, in one of its forms. */
export interface RedisEngine {
  readonly name: EngineName;
  /** What its clients connect to. */
  readonly ports: readonly number[];
  readonly version: string;
  /** Sends a command to each server that keeps records. */
  tell(...command: string[]): void;
  signal(signal: NodeJS.Signals): void;
  /** Kills each server that keeps records, and starts it again with nothing in it. */
  empty(): Promise<void>;
  /** Kills the primary, and waits until another one has its place; where there is another one. */
  readonly failOver?: () => Promise<void>;
  stop(): Promise<void>;
}

const server: string = process.env.REDIS_SERVER ?? "redis-server";

export async function startEngine(name: EngineName): Promise<RedisEngine> {
  const directory = mkdtempSync(join(tmpdir(), "pixy-engine-"));
  const count = { single: 1, cluster: 3, sentinel: 2 }[name];
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  // By these the nodes of a cluster find each other again.
  const busPorts = new Map(await Promise.all(ports.map(async (port) => [port, await freePort()] as const)));
  const children = new Map<number, Child>();

  async function launch(port: number, ...more: string[]): Promise<void> {
    const folder = join(directory, String(port));
    mkdirSync(folder, { recursive: true });
    const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
    const cluster = [
      "--cluster-enabled",
      "yes",
      "--cluster-node-timeout",
      "2000",
      "--cluster-announce-ip",
      "127.0.0.1",
    ];
    const bus = name === "cluster" ? [...cluster, "--cluster-port", `${busPorts.get(port)}`] : [];
    const child = startChild({
      name: `redis-server ${port}`,
      command: [server, ...settings, "--maxmemory-policy", "noeviction", ...bus, ...more],
      ready: /Ready to accept connections/,
    });
    children.set(port, child);
    await child.ready;
  }

  async function healthy(): Promise<void> {
    if (name !== "cluster") return;
    while (ports.some((port) => !ask(port, "CLUSTER", "INFO").includes("cluster_state:ok"))) await wait(50);
  }

  const [first = 0, second = 0] = ports;
  await launch(first);
  for (const port of ports.slice(1)) {
    await launch(port, ...(name === "sentinel" ? ["--replicaof", "127.0.0.1", `${first}`] : []));
  }
  if (name === "cluster") {
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    const made = cli("--cluster", "create", ...addresses, "--cluster-replicas", "0", "--cluster-yes");
    if (!made.includes("All 16384 slots covered")) throw new Error(`There is no cluster:\n${made}`);
    await healthy();
  }
  let sentinel: { readonly port: number; readonly child: Child } | null = null;
  if (name === "sentinel") {
    const port = await freePort();
    const file = join(directory, "sentinel.conf");
    const lines = [
      ...[`port ${port}`, "bind 127.0.0.1", `dir ${directory}`, `sentinel monitor mymaster 127.0.0.1 ${first} 1`],
      ...["sentinel down-after-milliseconds mymaster 1000", "sentinel failover-timeout mymaster 5000"],
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    const child = startChild({ name, command: [server, file, "--sentinel"], ready: /\+monitor master/ });
    await child.ready;
    sentinel = { port, child };
    while (!ask(port, "SENTINEL", "REPLICAS", "mymaster").includes(String(second))) await wait(50);
    while (!ask(second, "INFO", "replication").includes("master_link_status:up")) await wait(50);
  }
  const version = /redis_version:(\S+)/.exec(ask(first, "INFO", "server"))?.[1] ?? "";

  return {
    name,
    version,
    ports: sentinel === null ? ports : [sentinel.port],
    tell: (...command) => {
      for (const port of children.keys()) ask(port, ...command);
    },
    signal: (signal) => {
      for (const child of children.values()) child.signal(signal);
    },
    async empty() {
      for (const child of children.values()) child.signal("SIGKILL");
      await Promise.all([...children.values()].map((child) => child.ended));
      for (const port of children.keys()) await launch(port);
      await healthy();
    },
    ...(sentinel !== null && {
      async failOver() {
        const { port } = sentinel;
        children.get(first)?.signal("SIGKILL");
        children.delete(first);
        while (!ask(port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster").includes(String(second))) await wait(50);
        while (!ask(second, "ROLE").startsWith("master")) await wait(50);
      },
    }),
    async stop() {
      await sentinel?.child.stop();
      await Promise.all([...children.values()].map((child) => child.stop()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function ask(port: number, ...command: string[]): string {
  return cli("-p", String(port), ...command);
}

function cli(...input: string[]): string {
  const { stdout, stderr } = spawnSync("redis-cli", input, { encoding: "utf8", timeout: 20_000 });
  return `${stdout}${stderr}`;
}
