import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Registry, serveRegistry } from "../../tests/packages/registry.ts";
import { pack, publishablePackages } from "../../tests/packages/tarball.ts";
import { isFree } from "../lib/port.ts";
import { type Clone, createClone, tryDemo } from "./clone.ts";
import { reachesGoogleFonts, withoutGoogleFonts } from "./google-fonts.ts";
import { installNode, type NodeVersion } from "./node-version.ts";
import { help, type Options, type PageName, readOptions } from "./options.ts";
import { readPage } from "./page.ts";
import { follow } from "./reader.ts";

interface Row {
  readonly page: string;
  readonly what: string;
  readonly node: string;
  readonly source: "clean clone" | "packed tarballs";
  /** `null` where all is well. */
  readonly problem: string | null;
}

const withoutFonts = `
- Google's fonts cannot be reached from here: next build gets styles for create-next-app's two fonts that load none.`;

const rows: Row[] = [];
const started = Date.now();

if (process.argv.includes("--help")) console.log(help);
else await main(readOptions(process.argv.slice(2)));

async function main({ nodes, pages, readme }: Options): Promise<void> {
  const used = readme ? [3000, 3001, 3002, 3003, 3004, 4000] : [3000];
  for (const port of used) if (!(await isFree(port))) throw new Error(`Port ${port} is in use; the pages need it.`);
  const online = await reachesGoogleFonts();
  console.log(`What differs from the pages:
- @pixy/* come from a registry on this machine, which has the tarballs; everything else from npm's.
- accounts.spotify.com and api.spotify.com are answered by @pixy/testing. The app's code stays as it is: what it fetches
  there is sent on, by a module that is loaded before it. On workerd there is no such module: there the code says spotifyAt(…).
- A browser without a window logs in; the client id is made up.${online ? "" : withoutFonts}
`);
  for (const major of nodes) {
    const node = await installNode(major);
    say(`Node ${node.version}: clones what is committed`);
    const clone = await createClone();
    try {
      if (readme) await tryReadme(clone, node);
      await tryPages(clone, node, pages, online ? {} : withoutGoogleFonts);
    } finally {
      await clone.remove();
    }
  }
  console.table(rows.map(({ problem, ...row }) => ({ ...row, result: problem === null ? "ok" : "FAILED" })));
  const failed = rows.filter(({ problem }) => problem !== null);
  for (const { page, what, node, problem } of failed) console.error(`\n${page}, ${what}, ${node}:\n${problem}`);
  console.log(`${rows.length - failed.length} ok, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** The two commands; of the second one, what does not need a browser or Redis. */
async function tryReadme(clone: Clone, node: NodeVersion): Promise<void> {
  const packages = publishablePackages(clone.folder).map(({ name }) => `--project ${name.replace("@pixy/", "")}`);
  const pnpm = "npx -y pnpm@12";
  const tests = [`${pnpm} build`, `${pnpm} typecheck`, `${pnpm} exec vitest run ${packages.join(" ")}`];
  const row = { page: "README", node: node.version, source: "clean clone" } as const;
  await attempt({ ...row, what: `${pnpm} demo` }, () => tryDemo(clone, node, `${pnpm} demo`));
  await attempt({ ...row, what: "build, typecheck, the packages' tests" }, async () => {
    for (const line of tests) {
      say(line);
      await clone.command(line, node);
    }
  });
}

async function tryPages(
  clone: Clone,
  node: NodeVersion,
  pages: readonly PageName[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const row = { node: node.version, source: "packed tarballs" } as const;
  let registry: Registry | undefined;
  const packing = await attempt({ ...row, page: "the packages", what: "build, pack" }, async () => {
    await clone.command("npx -y pnpm@12 build --filter='./packages/*'", node);
    registry = await packInto(clone.folder);
  });
  if (!packing || registry === undefined) return;
  try {
    for (const name of pages) {
      const path = `docs/getting-started-${name}.md`;
      const page = readPage(await readFile(join(clone.folder, path), "utf8"));
      say(path);
      await attempt({ ...row, page: path, what: "the commands and files" }, async () => {
        const results = await follow({
          ...{ page, node, environment },
          registry: registry?.url ?? "",
          say: (line) => say(`  ${line}`),
        });
        for (const [what, problem] of results) rows.push({ ...row, page: path, what, problem });
      });
    }
  } finally {
    await registry.close();
  }
}

async function packInto(checkout: string): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-tarballs-"));
  try {
    const tarballs = [];
    for (const one of publishablePackages(checkout)) tarballs.push(await pack(one, folder));
    return await serveRegistry(tarballs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Adds a row for what was tried, and tells whether it went well. */
async function attempt(row: Omit<Row, "problem">, work: () => Promise<void>): Promise<boolean> {
  say(`${row.page}: ${row.what}`);
  const problem = await work().then(
    () => null,
    (error: Error) => error.message,
  );
  if (problem !== null) say(`failed: ${problem.split("\n")[0]}`);
  rows.push({ ...row, problem });
  return problem === null;
}

function say(line: string): void {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${String(seconds).padStart(5)} s  ${line}`);
}
