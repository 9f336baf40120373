/**
 * A long run of the fuzz targets: `pnpm check fuzz [--runs N] [--seed S] [--target TEXT] [--save]`. Tries the saved corpus first,
 * says every ten seconds how far it is, ends at Ctrl-C with the figures so far; a broken promise ends it with 1.
 */
import { parseArgs } from "node:util";
import { corpusFile, saveToCorpus, toJson } from "./corpus.ts";
import { targets } from "./targets.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string" },
    target: { type: "string", default: "" },
    save: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!(Number.isSafeInteger(runs) && runs > 0) || !Number.isSafeInteger(seed))
  throw new Error("--runs and --seed are whole numbers");

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());

const columns = (cells: readonly string[]) =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(56) : cell.padStart(12))).join("");
const clock = (seconds: number) => new Date(1000 * Math.ceil(seconds)).toISOString().slice(11, 19);
const chosen = targets.filter(({ name }) => name.includes(values.target));

/** Says at most every ten seconds how many inputs are done and how long the rest of this target takes. */
function teller(name: string): (done: number) => void {
  const start = performance.now();
  let last = start;
  return (done) => {
    const now = performance.now();
    if (now - last < 10_000 || done === 0) return;
    last = now;
    const rate = done / ((now - start) / 1000);
    const share = ((100 * done) / runs).toFixed(1);
    console.error(
      `  ${name}: ${done} of ${runs} (${share} %), ${Math.round(rate)}/s, ${clock((runs - done) / rate)} to go`,
    );
  };
}

console.log(columns(["target", "runs", "corpus", "seed", "seconds", "slowest ms", "result"]));
for (const target of chosen) {
  if (stop.signal.aborted) break;
  const report = await target.run({ runs, seed, signal: stop.signal, onProgress: teller(target.name) });
  const { duration, slowest, failure, found, interrupted } = report;
  const result = failure !== null ? "broken" : interrupted ? "interrupted" : slowest > 5 ? "slow" : "held";
  const figures = [report.runs, report.corpus, seed, (duration / 1000).toFixed(1), slowest.toFixed(2), result];
  console.log(columns([target.name, ...figures.map(String)]));
  if (failure === null || found === null) continue;
  process.exitCode = 1;
  console.error(failure);
  if (values.save) saveToCorpus(target.name, found);
  const told = JSON.stringify({ why: found.why, input: toJson(found.input) });
  const where = corpusFile(target.name).pathname;
  console.error(values.save ? `Saved to ${where}.` : `For ${where}, or again with --seed ${seed} --save:\n${told}`);
}
