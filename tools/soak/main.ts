import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readOptions, usage } from "./options.ts";
import { plot } from "./plot.ts";
import { soak } from "./run.ts";

if (process.argv.includes("--help")) {
  console.log(usage);
  process.exit();
}
const options = readOptions(process.argv.slice(2));
console.log(
  `${options.example}, ${options.store}: ${Math.round(options.minutes * 10) / 10} min, ${options.visitors} visitors, --seed ${options.seed}`,
);
const started = Date.now();
const result = await soak(options, (line) => console.log(line));
const { samples, disturbances, failures, violations, statuses, heap, ...figures } = result;
const memory = samples.map((sample) => sample.memory);
const files = samples.map((sample) => sample.descriptors);

console.table(statuses);
const summary = {
  ...{ example: options.example, store: options.store, seed: options.seed, visitors: options.visitors },
  ...{ seconds: figures.seconds, requests: figures.requests, refreshes: figures.refreshes, spoiled: figures.spoiled },
  ...figures.counts,
  disturbances: disturbances.filter(({ what }) => !what.startsWith("stall")).length,
  stalls: disturbances.filter(({ what }) => what === "stall").length,
  // The first sample is taken after a warm-up, the length of one sample.
  ...{ memoryFirst: memory[0], memoryLast: memory.at(-1), memoryMost: Math.max(...memory) },
  ...{ filesFirst: files[0], filesLast: files.at(-1) },
  ...result.latency,
  failures: result.failureCount,
};
console.table(summary);
if (options.hours) console.table(heap.samples);
for (const { process: number, grown, isFlat, growth } of heap.verdicts) {
  console.log(`process ${number}: ${isFlat ? "flat" : "not flat"}, ${grown} MB beside the bounded caches`);
  for (const { kind, bytes, path } of growth) console.log(`  ${kind}: ${Math.round(bytes / 1000)} kB more; ${path}`);
}
for (const { what, detail } of failures) console.error(`failed: ${what}: ${detail}`);
for (const violation of violations) console.error(`violation: ${violation}`);
if (options.output !== null) {
  await mkdir(options.output, { recursive: true });
  const name = join(options.output, `${options.example}-${options.store}${options.hours ? "-hours" : ""}`);
  await writeFile(`${name}.svg`, plot(result, started));
  await writeFile(`${name}.json`, `${JSON.stringify(options.hours ? { ...summary, heap } : summary, null, 2)}\n`);
}
const isFlat = heap.verdicts.every((verdict) => verdict.isFlat);
process.exitCode = result.failureCount === 0 && isFlat ? 0 : 1;
