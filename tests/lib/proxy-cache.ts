import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";
import { onPath } from "./on-path.ts";
import { type Requirement, requirement } from "./requirement.ts";

/** A real cache in front of an app, set up by somebody careless: whatever does not forbid it is kept for everybody. */
export interface ProxyCache {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ProxyCacheKind {
  readonly name: string;
  /** `describe` for tests that need it: see `requirement`. */
  readonly describe: Requirement;
  /** @param app the port that the app listens on at 127.0.0.1 */
  start(app: number): Promise<ProxyCache>;
}

/** Starts a program that reads one file of settings, in a folder of its own. */
async function start(
  program: string,
  settings: (folder: string, port: number) => string,
  command: (folder: string, file: string, port: number) => readonly string[],
): Promise<ProxyCache> {
  const folder = await mkdtemp(join(tmpdir(), "proxy-cache-"));
  const port = await freePort();
  const file = join(folder, "settings");
  await writeFile(file, settings(folder, port));
  const child = startChild({
    name: program,
    command: [onPath(program) ?? program, ...command(folder, file, port)],
    cwd: folder,
  });
  const stop = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let end: unknown;
  void child.ended.then((code) => {
    end = code;
  });
  while (!(await accepts(port))) {
    if (end !== undefined) {
      await stop();
      throw new Error(`${program} ended (${end}). Its output:\n${child.output()}`);
    }
    await wait(20);
  }
  return { url: `http://127.0.0.1:${port}`, stop };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => socket.end(() => resolve(true))).on("error", () => resolve(false));
  });
}

const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] as const;

/** Starts nginx with these lines in its `http` block, which name the folder for its files and the port to listen on. */
export function startNginx(http: (folder: string, port: number) => string): Promise<ProxyCache> {
  return start(
    "nginx",
    (folder, port) => `
      daemon off;
      ${process.getuid?.() === 0 ? "user root;" : ""}
      worker_processes 1;
      pid ${folder}/pid;
      error_log stderr;
      events {}
      http {
        access_log off;
        ${paths.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
        ${http(folder, port)}
      }`,
    (folder, file) => ["-p", folder, "-e", "stderr", "-c", file],
  );
}

export const nginx: ProxyCacheKind = {
  name: "nginx",
  describe: requirement("nginx", onPath("nginx") !== null, "apt-get install -y --no-install-recommends nginx-light"),
  start: (app) =>
    startNginx(
      (folder, port) => `
        proxy_cache_path ${folder}/cache keys_zone=everything:1m;
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass http://127.0.0.1:${app};
            proxy_set_header Host $http_host;
            proxy_cache everything;
            proxy_cache_valid any 10m;
            add_header X-Cache $upstream_cache_status always;
          }
        }`,
    ),
};

export const varnish: ProxyCacheKind = {
  name: "Varnish",
  describe: requirement("Varnish", onPath("varnishd") !== null, "apt-get install -y --no-install-recommends varnish"),
  start: (app) =>
    start(
      "varnishd",
      // Varnish by itself passes on whatever has a cookie; who wants a cache for an app with cookies removes that rule.
      () => `
        vcl 4.1;
        backend app { .host = "127.0.0.1"; .port = "${app}"; }
        sub vcl_recv {
          if (req.method == "GET" || req.method == "HEAD") { return (hash); }
        }
        sub vcl_deliver {
          if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }
        }`,
      (folder, file, port) => [
        ...["-F", "-j", "none", "-n", join(folder, "work"), "-f", file, "-a", `127.0.0.1:${port}`, "-s", "malloc,16m"],
        ...["-p", "default_ttl=600"],
      ],
    ),
};
