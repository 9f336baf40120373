/** Mutation testing of the files that security hangs on. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../lib/example.ts";
import { files } from "./files.ts";
import { renderPage } from "./page.ts";
import { percent, type Reason, type Report, reasonOf, type Score, scoresOf } from "./score.ts";

const usage = `pnpm check mutation [options]
  --file   a part of a path; may be repeated   (all)
  --write  keeps the scores, and writes the page
  --page   writes the page alone, after an edit of the reasons
  --force  forgets what an earlier run found`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: {
    file: { type: "string", multiple: true },
    write: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    force: { type: "boolean", default: false },
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

async function judge(name: "core" | "grants" | "server"): Promise<Score[]> {
  const mutated = chosen.filter((file) => file.startsWith(`packages/${name}/`));
  if (mutated.length === 0) return [];
  const memory = `${root}node_modules/.cache/mutation`;
  mkdirSync(memory, { recursive: true });
  const stryker = join(copy, "tools/node_modules/@stryker-mutator/core/bin/stryker.js");
  const parameters = ["run", "tools/mutation/stryker.config.json", "--mutate", mutated.join(",")];
  // After a run of some files Stryker takes the tests' changes as judged for all the others, too.
  const force = values.force || mutated.length < files.filter((file) => file.startsWith(`packages/${name}/`)).length;
  parameters.push("--incrementalFile", `${memory}/${name}.json`, ...(force ? ["--force"] : []));
  const child = spawn(process.execPath, [stryker, ...parameters], {
    ...{ cwd: copy, stdio: "inherit", env: { ...process.env, MUTATED: name } },
    // A group of its own: Stryker leaves its workers behind when it is told to end.
    detached: true,
  });
  const end = (): void => void (child.pid && process.kill(-child.pid, "SIGKILL"));
  process.on("SIGINT", end).on("SIGTERM", end);
  const [code] = await once(child, "exit");
  process.off("SIGINT", end).off("SIGTERM", end);
  if (code !== 0) throw new Error(`Stryker ended with ${code}.`);
  const report = JSON.parse(readFileSync(join(copy, "mutation.json"), "utf8")) as Report;
  return scoresOf(report).filter(({ file }) => mutated.includes(file));
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
const scores = [...(await judge("core")), ...(await judge("grants")), ...(await judge("server"))];
for (const score of scores) {
  console.log(`${score.file}: ${score.killed} of ${score.mutants} noticed, ${percent(score)}`);
  for (const survivor of score.survivors) {
    const known = reasonOf(score.file, survivor, reasons) === undefined ? "" : "  (explained)";
    console.log(`  ${survivor.line}: ${survivor.change}${known}`);
  }
}
if (values.write) {
  const others = read().filter(({ file }) => !chosen.includes(file));
  write([...others, ...scores].toSorted((one, other) => (one.file < other.file ? -1 : 1)));
}
