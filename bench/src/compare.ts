/**
 * `pnpm bench:compare A B` says what B costs beside A: two refs of this repository, or `.` for the work tree.
 * Both are bundled from their sources and take turns in one process, so that a busy machine disturbs both alike.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, root } from "./bundle.ts";
import { type LoginLibrary, loginUrls, measureRates, ourLoginUrl } from "./codes.ts";
import { type HotPath, measureHotPath } from "./hot-path.ts";
import type { Contender } from "./servers/contender.ts";
import { contenders } from "./servers/express.ts";
import { type Library, ours } from "./servers/our-express.ts";
import { tasks } from "./tasks.ts";

const [refA = "HEAD", refB = "."] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), "compare-"));

/** The sources at a ref, in a folder of their own: the work tree stays as it is. */
async function treeOf(ref: string, name: string): Promise<string> {
  if (ref === ".") return root;
  const path = join(folder, name);
  const archive = `${path}.tar`;
  await mkdir(path);
  execFileSync("git", ["-C", root, "archive", `--output=${archive}`, ref, "packages"]);
  execFileSync("tar", ["-xf", archive, "-C", path]);
  return path;
}

async function load(source: string, tree: string, name: string): Promise<unknown> {
  // Beside the installed Express, so that both builds share it with the bare application.
  const file = join(root, "bench/node_modules", `.compare-${process.pid}-${name}.mjs`);
  await writeFile(file, (await bundle(source, { tree, runnable: true })).code);
  try {
    return await import(file);
  } finally {
    await rm(file);
  }
}

async function expressOf(tree: string, name: string): Promise<Contender> {
  const source = 'export * from "@pixy/express"; export { issueSession } from "@pixy/server";';
  return ours((await load(source, tree, name)) as Library);
}

async function loginUrlOf(tree: string, name: string): Promise<() => Promise<URL>> {
  const source = 'export * from "@pixy/core"; export { spotify } from "@pixy/providers/spotify";';
  return ourLoginUrl((await load(source, tree, `core-${name}`)) as LoginLibrary);
}

try {
  const trees = [await treeOf(refA, "a"), await treeOf(refB, "b")] as const;
  const sizes: Record<string, Record<string, string>> = {};
  for (const [task, source] of Object.entries(tasks.ours)) {
    const [one, other] = [await bundle(source, { tree: trees[0] }), await bundle(source, { tree: trees[1] })];
    sizes[task] = { A: `${one.gzipped} B`, B: `${other.gzipped} B`, "B - A": signed(other.gzipped - one.gzipped, "B") };
  }
  console.log(`A = ${refA}, B = ${refB}\n\nMinified and gzipped`);
  console.table(sizes);

  const [arctic, ...both] = await measureRates({
    arctic: loginUrls["arctic (synchronous)"] as () => unknown,
    A: await loginUrlOf(trees[0], "a"),
    B: await loginUrlOf(trees[1], "b"),
  });
  console.log("\nLogin URLs");
  console.table(
    Object.fromEntries(
      both.map(({ name, perSecond }) => [
        name,
        { "a second": perSecond, "share of arctic": perSecond / (arctic?.perSecond ?? Number.NaN) },
      ]),
    ),
  );

  const { bare } = contenders as { bare: Contender };
  const pair = { bare, A: await expressOf(trees[0], "a"), B: await expressOf(trees[1], "b") };
  for (const people of [1, 10_000]) {
    // Fewer, where each request may have to open its cookie.
    const slices = people === 1 ? 200 : 50;
    const [base, one, other] = (await measureHotPath(pair, { people, slices })) as [HotPath, HotPath, HotPath];
    console.log(`\nExpress, a signed-in request, ${people === 1 ? "one session" : `${people} sessions`}`);
    console.table({
      "microseconds beyond bare": {
        A: one.beyondFirst,
        B: other.beyondFirst,
        "B / A": other.beyondFirst / one.beyondFirst,
      },
      "share of bare": {
        A: base.microseconds / one.microseconds,
        B: base.microseconds / other.microseconds,
        "B / A": one.microseconds / other.microseconds,
      },
    });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();

function signed(number: number, unit: string): string {
  return `${number > 0 ? "+" : ""}${number} ${unit}`;
}
