import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { startChild } from "../lib/child-process.ts";
import { root } from "../lib/example.ts";
import { isFree } from "../lib/port.ts";
import { environmentOn, type NodeVersion } from "./node-version.ts";

const run = promisify(execFile);

/** A clean clone of what is committed here. */
export interface Clone {
  readonly folder: string;
  /** Runs lines of a shell to their end, on a Node. Throws, with the output, when they fail. */
  command(code: string, node: NodeVersion): Promise<string>;
  remove(): Promise<void>;
}

export async function createClone(): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-clone-"));
  await run("git", ["clone", "--quiet", root, folder]);
  return {
    folder,
    command: async (code, node) => {
      const options = { cwd: folder, env: environmentOn(node), maxBuffer: 64_000_000 };
      const running = run("sh", ["-ec", code], options);
      running.child.stdin?.end();
      return running.then(
        ({ stdout }) => stdout,
        (error: { message: string; stdout?: string }) => {
          throw new Error(`${error.message}\n${error.stdout?.slice(-5_000) ?? ""}`);
        },
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Starts the demo, opens the start page of each app, and ends it as a process manager does, by one SIGTERM. */
export async function tryDemo(clone: Clone, node: NodeVersion, command: string): Promise<void> {
  const demo = startChild({
    name: command,
    // The shell becomes npx: the number is that of the one process that the reader started.
    command: ["sh", "-c", `echo "number $$"; exec ${command}`],
    cwd: clone.folder,
    environment: environmentOn(node),
    ready: /^ready$/m,
    timeout: 600_000,
  });
  try {
    await demo.ready;
    const urls = [...demo.output().matchAll(/^ {2}\w+ +(http:\/\/127\.0\.0\.1:\d+)$/gm)].map((match) => match[1] ?? "");
    assert.equal(urls.length, 5, "a provider, three apps and a worker");
    for (const url of urls.slice(1)) assert.equal((await fetch(url)).status, 200, url);
    process.kill(Number(/number (\d+)/.exec(demo.output())?.[1]), "SIGTERM");
    await demo.ended;
    await until("nothing listens any more", async () => {
      const free = await Promise.all(urls.map((url) => isFree(Number(new URL(url).port))));
      return free.every(Boolean);
    });
  } finally {
    await demo.stop();
  }
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`After a minute it does not hold that ${what}.`);
    await wait(50);
  }
}
