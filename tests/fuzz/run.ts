/** A long run of the fuzz targets: `pnpm fuzz [--runs N] [--seed S] [--target TEXT]`. Prints a table; a broken promise ends it with 1. */
import { parseArgs } from "node:util";
import { targets } from "./targets.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string" },
    target: { type: "string", default: "" },
  },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!(Number.isSafeInteger(runs) && runs > 0) || !Number.isSafeInteger(seed))
  throw new Error("--runs and --seed are whole numbers");

const columns = (cells: readonly string[]) =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(50) : cell.padStart(12))).join("");
console.log(columns(["target", "runs", "seed", "seconds", "slowest ms", "result"]));
for (const target of targets.filter(({ name }) => name.includes(values.target))) {
  const report = await target.run({ runs, seed });
  const { duration, slowest, failure } = report;
  const result = failure !== null ? "broken" : slowest > 5 ? "slow" : "held";
  console.log(
    columns([target.name, String(report.runs), String(seed), (duration / 1000).toFixed(1), slowest.toFixed(2), result]),
  );
  if (failure !== null) {
    console.error(failure);
    process.exitCode = 1;
  }
}
