/**
 * The contract of the examples on each way to build and serve a Next app; `--cell 2` looks at the second one alone.
 * Writes README.md from results.json.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { root } from "../lib/example.ts";
import { makeApp } from "./app.ts";
import { build, refusesAuthInBrowser } from "./build.ts";
import { type Cell, cells, nameOf, needsCookies } from "./cells.ts";
import { type Result, reasonOf, renderPage } from "./page.ts";

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const { values } = parseArgs({ options: { cell: { type: "string" } } });
const results = new URL("results.json", import.meta.url);
const known: Result[] = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : [];

for (const [index, cell] of cells.entries()) {
  if (values.cell !== undefined && values.cell !== String(index + 1)) continue;
  console.log(`\n${nameOf(cell)}`);
  const { folder, version } = await makeApp(cell);
  const serverOnly = await refusesAuthInBrowser(folder, cell);
  console.log(`auth.ts in a client component: the build ${serverOnly ? "fails" : "PASSES"}`);
  build(folder, cell);
  const result = { ...cell, version, serverOnly, ...hold(folder, cell) };
  console.log(`${nameOf(cell)}: ${result.passed} pass, ${result.failed.length} fail`, ...result.failed);
  if (!serverOnly || result.failed.some((name) => reasonOf(name, cell) === undefined)) process.exitCode = 1;
  const at = known.findIndex((other) => nameOf(other) === nameOf(cell));
  known.splice(at < 0 ? known.length : at, at < 0 ? 0 : 1, result);
  const sorted = cells.flatMap((one) => known.find((other) => nameOf(other) === nameOf(one)) ?? []);
  writeFileSync(results, `${JSON.stringify(sorted, null, 2)}\n`);
  spawnSync(`${root}node_modules/.bin/biome`, ["format", "--write", fileURLToPath(results)]);
  writeFileSync(new URL("README.md", import.meta.url), renderPage(sorted));
}

/** Holds the built app to the tests of the example. */
function hold(folder: string, cell: Cell): Pick<Result, "passed" | "failed"> {
  const report = `${folder}/report.json`;
  const tests = ["tests/next/contract.test.ts", "tests/next/browser.test.ts"];
  const cookiesOnly = needsCookies(cell) ? ["-t", "^(?!.*sessions in memory)"] : [];
  const parameters = [
    "run",
    "--project",
    "tests",
    ...tests,
    ...cookiesOnly,
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  spawnSync(`${root}node_modules/.bin/vitest`, parameters, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PIXY_NEXT_FOLDER: folder },
  });
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const failed = testResults.flatMap(({ message, assertionResults }) => [
    // A file that could not be run has no tests.
    ...(assertionResults.length === 0 ? [message] : []),
    ...assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
  ]);
  return { passed: numPassedTests, failed };
}
