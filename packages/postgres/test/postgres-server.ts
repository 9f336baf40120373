import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A Postgres of our own on a free port, which anybody on this machine may enter as `postgres`. */
export interface PostgresServer {
  readonly port: number;
  readonly url: string;
  signal(signal: NodeJS.Signals): void;
  /** Kills all its processes, and starts it again on the same port with what it has on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where Debian keeps the programs of each version, on nobody's PATH. */
const debian = "/usr/lib/postgresql";

function programs(): string | null {
  const folders = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const found = [process.env.POSTGRES_BIN, ...folders.map((version) => join(debian, version, "bin"))];
  return found.find((folder) => folder !== undefined && existsSync(join(folder, "initdb"))) ?? null;
}

/** The command that would enable the tests, or `null` where there is a Postgres. */
export function missingPostgres(): string | null {
  if (programs() !== null) return null;
  if (process.env.CI === "true") throw new Error("There is no Postgres: apt-get install postgresql");
  return "apt-get install postgresql, or set POSTGRES_BIN to the folder of its programs";
}

/** The server refuses to run as root. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [, , uid, gid] = /^(postgres|nobody):[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8")) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

export async function startPostgres(...settings: string[]): Promise<PostgresServer> {
  const bin = programs();
  if (bin === null) throw new Error("There is no Postgres.");
  const user = unprivileged();
  const directory = mkdtempSync(join(tmpdir(), "pixy-postgres-"));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  const options = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  const made = spawnSync(join(bin, "initdb"), options, { ...user, cwd: directory, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`);
  const port = await freePort();

  const launch = async () => {
    const flags = [
      ...[`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${directory}`, "max_connections=200"],
      ...["shared_buffers=16MB", "fsync=off", ...settings],
    ].flatMap((setting) => ["-c", setting]);
    const child = spawn(join(bin, "postgres"), ["-D", data, ...flags], {
      ...user,
      cwd: directory,
      stdio: ["ignore", "inherit", "pipe"],
    });
    let log = "";
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`postgres did not start:\n${log}`)));
      child.stderr.on("data", (chunk) => {
        log = `${log}${chunk}`.slice(-10_000);
        if (log.includes("database system is ready to accept connections")) resolve();
      });
    });
    return child;
  };
  let child = await launch();
  process.once("exit", () => child.kill("SIGQUIT"));

  const signal = (name: NodeJS.Signals): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const group = spawnSync("ps", ["-o", "pid=", "--ppid", String(child.pid)], { encoding: "utf8" }).stdout;
    // Each backend leads a group of its own.
    for (const pid of [child.pid, ...group.split(/\s+/).filter(Boolean).map(Number)]) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    signal("SIGKILL");
    await ended;
  };
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    signal,
    async restart() {
      await kill();
      for (let attempt = 1; ; attempt++) {
        const started = await launch().catch((error: Error) => {
          // A backend that was born while the others were killed ends by itself as soon as it misses its parent.
          if (attempt === 100 || !error.message.includes("pre-existing shared memory block")) throw error;
          return null;
        });
        if (started !== null) {
          child = started;
          return;
        }
        await delay(100);
      }
    },
    async stop() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** PgBouncer in front of a server, which lends a connection for a transaction and no longer. */
export async function startPgBouncer(server: PostgresServer): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const user = unprivileged();
  const directory = mkdtempSync(join(tmpdir(), "pixy-pgbouncer-"));
  const port = await freePort();
  const settings = [
    ...["[databases]", `postgres = host=127.0.0.1 port=${server.port} dbname=postgres user=postgres`, "[pgbouncer]"],
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir =", "auth_type = any"],
    ...["pool_mode = transaction", "default_pool_size = 3", "max_client_conn = 500"],
  ];
  writeFileSync(join(directory, "pgbouncer.ini"), `${settings.join("\n")}\n`);
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
  const program = pgBouncer();
  if (program === null) throw new Error("There is no PgBouncer.");
  const child = spawn(program, [join(directory, "pgbouncer.ini")], {
    ...user,
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`pgbouncer did not start:\n${log}`)));
    child.stderr.on("data", (chunk) => {
      log = `${log}${chunk}`.slice(-10_000);
      if (log.includes("process up")) resolve();
    });
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function pgBouncer(): string | null {
  return ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].find(existsSync) ?? null;
}

/** The command that would enable the tests, or `null` where there is a PgBouncer. */
export function missingPgBouncer(): string | null {
  if (pgBouncer() !== null) return null;
  if (process.env.CI === "true") throw new Error("There is no PgBouncer: apt-get install pgbouncer");
  return "apt-get install pgbouncer";
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
