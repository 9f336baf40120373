import { mkdtemp, rm } from "node:fs/promises";
import { request as requestHttp } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "../../tools/lib/child-process.ts";
import { freePort } from "../../tools/lib/port.ts";
import { type Loopback, serveOnLoopback } from "./loopback.ts";

export interface Program {
  readonly name: string;
  /** The command, for its own port, a folder that is its own, and the URL that the world sees. */
  command(port: string, folder: string, url: string): readonly [program: string, ...parameters: string[]];
  readonly ready: RegExp;
}

/** Starts a server that is not of this process, behind a door that counts; it ends with us, also when we fail. */
export async function behindFrontDoor<Running extends object>(
  program: Program,
  describe: (door: Loopback, ready: readonly string[]) => Promise<Running>,
): Promise<Running & Pick<Loopback, "close">> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), `pixy-${program.name}-`));
  const door = await serveOnLoopback(() => (incoming, outgoing) => {
    const { url = "/", method = "GET", headers } = incoming;
    const inner = requestHttp({ host: "127.0.0.1", port, path: url, method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    inner.on("error", (error) => {
      console.error(`${program.name}, ${method} ${url}: ${error.message}`);
      outgoing.destroy();
    });
    incoming.pipe(inner);
  });
  const command = program.command(String(port), folder, door.url);
  const child = startChild({ name: program.name, command, cwd: folder, ready: program.ready });
  async function close(): Promise<void> {
    await child.stop();
    await door.close();
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const ready = await child.ready;
    return { ...(await describe(door, ready ?? [])), close };
  } catch (error) {
    await close();
    throw error;
  }
}
