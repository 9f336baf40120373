import { spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cell } from "./cells.ts";

/** Builds the app that was made in `folder`. */
export function build(folder: string, cell: Cell): void {
  const { status, output } = runBuild(folder, cell);
  console.log(output);
  if (status !== 0) throw new Error(`next build ended with ${status}.`);
}

/**
 * Tells whether `import "server-only"` at the top of auth.ts ends a build in which a client component imports more of that
 * file than a type.
 */
export async function refusesAuthInBrowser(folder: string, cell: Cell): Promise<boolean> {
  const file = join(folder, "app/about/who.tsx");
  const before = await readFile(file, "utf8");
  const after = before.replace("import type { auth }", "import { auth }");
  if (after === before) throw new Error(`${file} does not import the type of auth: nothing was changed in it.`);
  // What is only named as a type the compiler leaves out.
  await writeFile(file, `${after}\nexport const leaked = auth;\n`);
  const { status, output } = runBuild(folder, cell);
  await writeFile(file, before);
  await rm(join(folder, ".next"), { recursive: true, force: true });
  if (status === 0) return false;
  if (!/server-only/.test(output) || !output.includes("auth.ts"))
    throw new Error(`The build failed otherwise:\n${output}`);
  return true;
}

function runBuild(cwd: string, { bundler, next }: Cell): { readonly status: number | null; readonly output: string } {
  const flag = bundler === "webpack" ? next === 16 && "--webpack" : next === 15 && "--turbopack";
  const parameters = ["node_modules/next/dist/bin/next", "build", ...(flag ? [flag] : [])];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  return { status, output: `${stdout}${stderr}` };
}
