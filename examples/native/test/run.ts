import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const mainFile: string = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export interface Run {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  readonly exitCode: Promise<number | null>;
}

/** A person's home, with a browser that notes the URL that it is given. */
export interface Home {
  readonly environment: NodeJS.ProcessEnv;
  /** The URL that the browser was opened with last; `""` where it was not. */
  opened(): Promise<string>;
  start(parameters: readonly string[], variables?: NodeJS.ProcessEnv, file?: string): Run;
  /** Runs to the end, without anything to read. */
  run(...parameters: readonly string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

export async function createHome(providerUrl: string): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-home-"));
  const note = join(folder, "opened");
  // What Xfce opens URLs with, which is asked for help first.
  const opener = join(folder, "exo-open");
  await writeFile(opener, `#!/bin/sh\n[ "$1" = --help ] || printf %s "$1" > '${note}'\n`);
  await chmod(opener, 0o755);
  const environment: NodeJS.ProcessEnv = {
    ...{
      PATH: `${folder}:${process.env.PATH}`,
      HOME: folder,
      XDG_STATE_HOME: join(folder, "state"),
      PROVIDER_URL: providerUrl,
    },
    ...{ DISPLAY: ":99", XDG_CURRENT_DESKTOP: "XFCE", TERM: "xterm" },
  };

  function start(parameters: readonly string[], variables: NodeJS.ProcessEnv = {}, file: string = mainFile): Run {
    const child = spawn(process.execPath, ["--conditions=@pixy/source", file, ...parameters], {
      env: { ...environment, ...variables },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      texts.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      texts.stderr += chunk;
    });
    const exitCode = once(child, "close").then(([code]) => code as number | null);
    return { child, stdout: () => texts.stdout, stderr: () => texts.stderr, exitCode };
  }

  return {
    environment,
    opened: () => readFile(note, "utf8").catch(() => ""),
    start,
    async run(...parameters) {
      const { child, stdout, stderr, exitCode } = start(parameters);
      child.stdin?.end();
      return { exitCode: await exitCode, stdout: stdout(), stderr: stderr() };
    },
  };
}
