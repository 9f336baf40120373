import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { root } from "../../scripts/lib/example.ts";
import { apply, type Mutant, mutantsOf } from "./mutate.ts";
import { type Target, targets } from "./targets.ts";
import type { Order, Report } from "./worker.ts";

/** Milliseconds for one run of the tests: a mutant that loops for ever is noticed too. */
const longest = 90_000;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: { file: { type: "string", multiple: true }, output: { type: "string" } },
});
const chosen = targets.filter(({ file }) => !values.file || values.file.some((part) => file.includes(part)));

const running: { worker: ChildProcess | null } = { worker: null };

async function startWorker(): Promise<ChildProcess> {
  const started = fork(new URL("worker.ts", import.meta.url), {
    execArgv: ["--conditions=@pixy/source"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // A group of its own, so that a test that loops for ever can be ended with it.
    detached: true,
  });
  let said = "";
  started.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  started.once("exit", (code) => {
    if (running.worker === started) running.worker = null;
    if (code) console.error(said);
  });
  await answer(started, 120_000);
  return started;
}

/** The next message, or null when there is none in time. */
function answer(from: ChildProcess, milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    const settle = (message: unknown): void => {
      clearTimeout(timer);
      from.off("message", settle).off("exit", ended);
      resolve(message);
    };
    const ended = (): void => settle(null);
    const timer = setTimeout(ended, milliseconds);
    from.once("message", settle).once("exit", ended);
  });
}

async function run(order: Order): Promise<Report> {
  if (order.tests.length === 0) return { passed: true, reasons: [] };
  running.worker ??= await startWorker();
  const { worker } = running;
  worker.send(order);
  const report = (await answer(worker, longest)) as Report | null;
  if (report !== null) return report;
  running.worker = null;
  if (worker.pid !== undefined && worker.exitCode === null) process.kill(-worker.pid, "SIGKILL");
  return { passed: false, reasons: ["The tests came to no end."] };
}

interface Score {
  readonly file: string;
  readonly mutants: number;
  readonly killed: number;
  readonly survivors: readonly Mutant[];
}

async function judge({ file, tests, wider }: Target): Promise<Score> {
  // A fresh worker: the one before has read files that may have changed since.
  running.worker?.disconnect();
  running.worker = null;
  const source = readFileSync(root + file, "utf8");
  const unchanged = await run({ file, text: null, tests: [...tests, ...wider] });
  if (!unchanged.passed) {
    throw new Error(`The tests of ${file} fail without any change.\n${unchanged.reasons.join("\n")}`);
  }
  const mutants = mutantsOf(source);
  const survivors: Mutant[] = [];
  for (const mutant of mutants) {
    const text = apply(source, mutant);
    const lives = (await run({ file, text, tests })).passed && (await run({ file, text, tests: wider })).passed;
    if (!lives) continue;
    survivors.push(mutant);
    console.log(`  ${file}:${mutant.line}  ${mutant.change}`);
  }
  return { file, mutants: mutants.length, killed: mutants.length - survivors.length, survivors };
}

for (const target of chosen) {
  try {
    const score = await judge(target);
    const share = Math.round((score.killed / Math.max(1, score.mutants)) * 1000) / 10;
    console.log(`${score.file}: ${score.killed} of ${score.mutants} noticed, ${share} %`);
    if (values.output !== undefined) {
      await mkdir(values.output, { recursive: true });
      const name = score.file.replace(/^packages\/(.*)\.ts$/, "$1").replaceAll("/", "-");
      await writeFile(`${values.output}/${name}.json`, JSON.stringify(score, null, 2));
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
running.worker?.disconnect();
