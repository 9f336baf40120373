import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { root } from "../../scripts/lib/example.ts";
import { apply, type Mutant, mutantsOf } from "./mutate.ts";
import { type Target, targets } from "./targets.ts";
import type { Order } from "./worker.ts";

/** Milliseconds for one run of the tests: a mutant that loops for ever is noticed too. */
const longest = 90_000;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: { file: { type: "string", multiple: true }, output: { type: "string" } },
});
const chosen = targets.filter(({ file }) => !values.file || values.file.some((part) => file.includes(part)));

let worker: ChildProcess | null = null;

async function startWorker(): Promise<ChildProcess> {
  const started = fork(new URL("worker.ts", import.meta.url), {
    execArgv: ["--conditions=@pixy/source"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    detached: true,
  });
  let said = "";
  started.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  started.once("exit", (code) => {
    if (worker === started) worker = null;
    if (code !== 0 && code !== null) console.error(said);
  });
  await answer(started, 120_000);
  return started;
}

function answer(from: ChildProcess, milliseconds: number): Promise<{ passed?: boolean } | null> {
  return new Promise((resolve, reject) => {
    const settle = (message: { passed?: boolean } | null): void => {
      clearTimeout(timer);
      from.off("message", settle).off("error", reject).off("exit", ended);
      resolve(message);
    };
    const ended = (): void => settle(null);
    const timer = setTimeout(ended, milliseconds);
    from.once("message", settle).once("error", reject).once("exit", ended);
  });
}

/** Whether the tests pass with this text; null when they came to no end. */
async function passes(order: Order): Promise<boolean | null> {
  if (order.tests.length === 0) return true;
  worker ??= await startWorker();
  worker.send(order);
  const result = await answer(worker, longest);
  if (result?.passed !== undefined) return result.passed;
  // The loop sits in a process below the worker: the whole group ends.
  if (worker?.pid !== undefined) process.kill(-worker.pid, "SIGKILL");
  worker = null;
  return null;
}

interface Score {
  readonly file: string;
  readonly mutants: number;
  readonly killed: number;
  readonly survivors: readonly Mutant[];
}

async function judge({ file, tests, wider }: Target): Promise<Score> {
  const source = readFileSync(root + file, "utf8");
  if ((await passes({ file, text: null, tests: [...tests, ...wider] })) !== true) {
    throw new Error(`The tests of ${file} fail without any change.`);
  }
  const mutants = mutantsOf(source);
  const survivors: Mutant[] = [];
  for (const mutant of mutants) {
    const text = apply(source, mutant);
    const lives = (await passes({ file, text, tests })) && (await passes({ file, text, tests: wider }));
    if (!lives) continue;
    survivors.push(mutant);
    console.log(`  ${file}:${mutant.line}  ${mutant.change}`);
  }
  return { file, mutants: mutants.length, killed: mutants.length - survivors.length, survivors };
}

for (const target of chosen) {
  const score = await judge(target);
  const share = Math.round((score.killed / Math.max(1, score.mutants)) * 1000) / 10;
  console.log(`${score.file}: ${score.killed} of ${score.mutants} noticed, ${share} %`);
  if (values.output !== undefined) {
    await mkdir(values.output, { recursive: true });
    const name = score.file.replace(/^packages\/(.*)\.ts$/, "$1").replaceAll("/", "-");
    await writeFile(`${values.output}/${name}.json`, JSON.stringify(score, null, 2));
  }
}
worker?.disconnect();
