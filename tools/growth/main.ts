/**
 * What grows with the number of sessions, and what does not: bytes, round trips and time of each operation beside those of
 * few sessions, the plans of Postgres, and a process that sees more cookies than it remembers.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { growCookies } from "./cookies.ts";
import { costsOf, operations } from "./operations.ts";
import { type EngineName, stock } from "./stock.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({ options: { engine: text, sessions: text, few: text, cookies: text } });
const many = Number(values.sessions ?? 1_000_000);
const few = Number(values.few ?? 10_000);
const problems: string[] = [];
const said = (): string => `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} processors`;
console.log(`${new Date().toISOString().slice(0, 16)}, ${cpus()[0]?.model.trim()}, ${said()}`);

for (const engine of ["redis", "postgres"] as const satisfies EngineName[]) {
  if ((values.engine ?? engine) !== engine) continue;
  const small = await stock(engine, few);
  const started = performance.now();
  const large = await stock(engine, many);
  try {
    console.log(`\n${engine}: ${many} sessions in ${Math.round((performance.now() - started) / 1000)} s, ${said()}`);
    console.log(
      `${Math.round(large.bytesPerSession)} bytes a session (of ${few}: ${Math.round(small.bytesPerSession)})`,
    );
    const costs = await costsOf(small, large);
    const shown = costs.map(({ few: least, many: most, ratio, ...cost }) => ({
      ...{ ...cost, [`ms of ${few}`]: least.toFixed(2), [`ms of ${many}`]: most.toFixed(2), ratio: ratio.toFixed(2) },
    }));
    console.table(shown);
    for (const { operation, ratio } of costs) {
      // An index is a tree: a hundred times as many take a level more.
      if (ratio > 3) problems.push(`${engine}: ${operation} takes ${ratio.toFixed(1)} times as long with ${many}`);
    }
    for (const { name, run, undo } of operations) {
      const plans = await large.plansOf((store) => run(store, 7));
      await undo?.(large.store, 7);
      const scans = plans.flatMap((plan) => [...plan.matchAll(/Seq Scan on (\w+)/g)].map((match) => match[1]));
      const indexes = plans.flatMap((plan) => [
        ...plan.matchAll(/Index (?:Only )?Scan using (\w+)|Bitmap Index Scan on (\w+)/g),
      ]);
      if (plans.length > 0)
        console.log(`${name}: ${[...new Set(indexes.map(([, one, other]) => one ?? other))].join(", ")}`);
      // The others are as small as what has ended lately: a table of some rows is read as a whole.
      for (const table of ["records", "hints"]) {
        if (scans.includes(table)) problems.push(`${engine}: ${name} reads all of ${table}`);
      }
    }
  } finally {
    await small.close();
    await large.close();
  }
}
if (values.engine === undefined || values.engine === "cookies") {
  console.table(await growCookies(Number(values.cookies ?? 100_000), console.log));
  console.log(said());
}
for (const problem of problems) console.error(`failed: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
