/** Mutation testing of the files that security hangs on. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../lib/example.ts";
import { files } from "./files.ts";
import { renderPage } from "./page.ts";
import { percent, type Reason, type Report, reasonOf, type Score, scoresOf, survivorsOf, withKilled } from "./score.ts";
import { testsOf } from "./tests.ts";

const usage = `pnpm check mutation [options]
  --file   a part of a path; may be repeated   (all)
  --write  keeps the scores, and writes the page
  --page   writes the page alone, after an edit of the reasons`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: {
    file: { type: "string", multiple: true },
    write: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit();
}
const chosen = files.filter((file) => !values.file || values.file.some((part) => file.includes(part)));
if (chosen.length === 0) throw new Error(`No such file. The files are:\n${files.join("\n")}`);

const scoresFile = new URL("scores.json", import.meta.url);
const reasons = JSON.parse(readFileSync(new URL("reasons.json", import.meta.url), "utf8")) as Reason[];

// Stryker writes into the files that it judges, and a copy of its own would lead the packages back to the originals.
const copy = mkdtempSync(join(tmpdir(), "pixy-mutation-"));
process.once("exit", () => rmSync(copy, { recursive: true, force: true }));

function makeCopy(): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    ...{ cwd: root, encoding: "utf8" as const, maxBuffer: 2 ** 26 },
  });
  for (const path of listed.split("\0")) {
    if (path !== "" && existsSync(root + path)) cpSync(root + path, join(copy, path));
  }
  execFileSync("pnpm", ["install", "--prefer-offline", "--frozen-lockfile"], { cwd: copy, stdio: "inherit" });
}

/**
 * What the tests notice of a room's files: first its own tests are asked, which are quick, and of what they do not notice
 * all the tests of the package.
 */
async function judge(room: string, mutated: readonly string[]): Promise<Score[]> {
  const own = await ask(mutated, [`${room}/!(*.model).test.ts`]);
  const packageName = room.split("/")[1] ?? "";
  const left = survivorsOf(own);
  if (left.length === 0 || room === `packages/${packageName}/src`) return scoresOf(own);
  return scoresOf(withKilled(own, await ask(left, testsOf[packageName] ?? [])));
}

/** Changes the files or the places in them that are named, and asks these tests. */
async function ask(mutated: readonly string[], tests: readonly string[]): Promise<Report> {
  const stryker = join(copy, "tools/node_modules/@stryker-mutator/core/bin/stryker.js");
  const parameters = ["run", "tools/mutation/stryker.config.json", "--mutate", mutated.join(",")];
  const child = spawn(process.execPath, [stryker, ...parameters], {
    ...{ cwd: copy, stdio: "inherit", env: { ...process.env, TESTS: JSON.stringify(tests) } },
    // A group of its own: Stryker leaves its workers behind when it is told to end.
    detached: true,
  });
  const end = (): void => void (child.pid && process.kill(-child.pid, "SIGKILL"));
  process.on("SIGINT", end).on("SIGTERM", end);
  const [code] = await once(child, "exit");
  process.off("SIGINT", end).off("SIGTERM", end);
  if (code !== 0) throw new Error(`Stryker ended with ${code}.`);
  return JSON.parse(readFileSync(join(copy, "mutation.json"), "utf8")) as Report;
}

function read(): Score[] {
  const saved = JSON.parse(readFileSync(scoresFile, "utf8")) as Score[];
  return saved.filter(({ file }) => files.includes(file));
}

function write(all: readonly Score[]): void {
  writeFileSync(scoresFile, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(`${root}tools/mutation/README.md`, renderPage(all, reasons));
}

// The reasons were written after the run: only the page is made anew.
if (values.page) {
  write(read());
  process.exit();
}
makeCopy();
const scores: Score[] = [];
for (const room of new Set(chosen.map(dirname))) {
  const mutated = chosen.filter((file) => dirname(file) === room);
  scores.push(...(await judge(room, mutated)));
  // A room at a time is kept: all of them take hours.
  if (values.write) {
    const judged = new Set(scores.map(({ file }) => file));
    const all = [...read().filter(({ file }) => !judged.has(file)), ...scores];
    write(all.toSorted((one, other) => (one.file < other.file ? -1 : 1)));
  }
}
for (const score of scores) {
  console.log(`${score.file}: ${score.killed} of ${score.mutants} noticed, ${percent(score)}`);
  for (const survivor of score.survivors) {
    const known = reasonOf(score.file, survivor, reasons) === undefined ? "" : "  (explained)";
    console.log(`  ${survivor.line}: ${survivor.change}${known}`);
  }
}
