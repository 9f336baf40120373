import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Project } from "../../tests/packages/project.ts";
import type { Balancer } from "../lib/balancer.ts";
import { type Child, startChild } from "../lib/child-process.ts";
import { freePort } from "../lib/port.ts";

/** A running process of one release. */
export interface Server {
  readonly url: string;
  readonly stop: Child["stop"];
}

/** The processes of one app, of whichever releases: same public origin, same secret, same clock. */
export interface Fleet {
  readonly servers: readonly Server[];
  /** Starts a process, in the place of another one. */
  start(project: Project, instead?: Server | undefined): Promise<Server>;
  /** Lets time go by in all of them. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export function createFleet(balancer: Balancer, shared: Readonly<Record<string, string>>): Fleet {
  const servers: Server[] = [];
  let ahead = 0;
  const tell = (url: string, milliseconds: number) =>
    fetch(`${url}/advance?milliseconds=${milliseconds}`, { method: "POST" });
  const show = () => {
    balancer.servers = servers.map(({ url }) => url);
  };
  return {
    servers,
    async start(project, instead) {
      await copyFile(fileURLToPath(new URL("app.mjs", import.meta.url)), join(project.folder, "app.mjs"));
      const PORT = String(await freePort());
      const child = startChild({
        name: project.folder,
        command: [process.execPath, "app.mjs"],
        cwd: project.folder,
        environment: { PATH: process.env.PATH, BASE_URL: balancer.url, ...shared, PORT },
        ready: /listening/,
      });
      await child.ready;
      const server: Server = { url: `http://127.0.0.1:${PORT}`, stop: child.stop };
      await tell(server.url, ahead);
      servers.splice(instead ? servers.indexOf(instead) : servers.length, instead ? 1 : 0, server);
      show();
      await instead?.stop();
      return server;
    },
    async advance(milliseconds) {
      ahead += milliseconds;
      await Promise.all(servers.map(({ url }) => tell(url, milliseconds)));
    },
    async stop() {
      await Promise.all(servers.splice(0).map((server) => server.stop()));
      show();
    },
  };
}
