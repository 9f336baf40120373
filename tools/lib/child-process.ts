import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

export interface ChildOptions {
  readonly name: string;
  readonly command: readonly [program: string, ...parameters: string[]];
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** What it prints, on either stream, when it serves; the child is ready at once without it. */
  readonly ready?: RegExp;
  /** Milliseconds after which a child that is not ready is given up. */
  readonly timeout?: number;
  /** Hands its output through to ours; else it is only kept. */
  readonly visible?: boolean;
}

export interface Child {
  readonly name: string;
  /** Resolves with what `ready` matched; rejects, with the output, when the child ends before. */
  readonly ready: Promise<RegExpExecArray | null>;
  /** Resolves when the child has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The last lines that it printed. */
  output(): string;
  /** Sends a signal to the child and all that it started. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the child and all that it started: SIGTERM, and SIGKILL to what is left after two seconds. */
  stop(): Promise<void>;
}

const keptCharacters = 20_000;
const graceMilliseconds = 2_000;

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

async function stopGroup(group: number): Promise<void> {
  if (!signalGroup(group, "SIGTERM")) return;
  for (let waited = 0; waited < graceMilliseconds; waited += 20) {
    await wait(20);
    if (!signalGroup(group, 0)) return;
  }
  signalGroup(group, "SIGKILL");
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  // "close" and not "exit": what it printed last has arrived by then.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return code ?? signal ?? 1;
}

/** Starts a child in a process group of its own, so that its children can be ended with it. */
export function startChild(options: ChildOptions): Child {
  const { name, command, ready: pattern, timeout = 120_000, visible = false } = options;
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, {
    cwd: options.cwd,
    env: options.environment ?? process.env,
    detached: true,
    stdio: ["ignore", visible ? "inherit" : "pipe", visible ? "inherit" : "pipe"],
  });
  const group = child.pid;
  const killNow = (): void => {
    if (group !== undefined) signalGroup(group, "SIGKILL");
  };
  process.once("exit", killNow);

  let output = "";
  const ready = Promise.withResolvers<RegExpExecArray | null>();
  if (pattern === undefined) ready.resolve(null);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-keptCharacters);
      const match = pattern?.exec(output);
      if (match) ready.resolve(match);
    });
  }
  const ended = endOf(child).catch((error: Error) => {
    output += `${error.message}\n`;
    return 127;
  });
  const giveUp = setTimeout(() => fail(`was not ready within ${timeout / 1000} s`), timeout);
  const fail = (problem: string): void => ready.reject(new Error(`${name} ${problem}. Its output:\n${output}`));
  ready.promise.then(
    () => clearTimeout(giveUp),
    () => clearTimeout(giveUp),
  );
  void ended.then((end) => {
    fail(`ended (${end}) before it was ready`);
    process.removeListener("exit", killNow);
  });

  return {
    name,
    ready: ready.promise,
    ended,
    output: () => output,
    signal(signal) {
      if (group !== undefined) signalGroup(group, signal);
    },
    async stop() {
      if (group !== undefined) await stopGroup(group);
    },
  };
}
