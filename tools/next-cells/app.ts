import { globSync } from "node:fs";
import { cp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../lib/example.ts";
import { type Cell, needsCookies } from "./cells.ts";
import { installNext15 } from "./next-15.ts";
import { isSource } from "./source.ts";

// As deep as the example, so that its configuration finds the workspace's.
const folder = `${root}.cache/next-cell`;

/** Makes the Next example into an app of this cell with `server-only` in its auth.ts. Returns its folder and the version of Next. */
export async function makeApp(cell: Cell): Promise<{ readonly folder: string; readonly version: string }> {
  await rm(folder, { recursive: true, force: true });
  await cp(`${root}examples/next`, folder, { recursive: true, filter: isSource });
  const modules = cell.next === 15 ? await installNext15() : `${root}examples/next/node_modules`;
  await symlink(modules, join(folder, "node_modules"));
  // The example is type-checked where it is.
  await edit("next.config.ts", (text) =>
    text.replace("poweredByHeader: false,", "poweredByHeader: false,\n  typescript: { ignoreBuildErrors: true },"),
  );
  await edit("auth.ts", (text) => `import "server-only";\n${text}`);
  if (!cell.front.startsWith("proxy.ts")) await moveToMiddleware(cell);
  if (needsCookies(cell)) await keepSessionsInCookies();
  if (cell.routes === "edge") await moveRoutesToEdge();
  const { version } = JSON.parse(await readFile(join(folder, "node_modules/next/package.json"), "utf8"));
  return { folder, version };
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(join(folder, file), "utf8");
  const after = change(before);
  if (after === before) throw new Error(`${file} of the example is not what this expects: nothing was changed in it.`);
  await writeFile(join(folder, file), after);
}

async function moveToMiddleware({ front }: Cell): Promise<void> {
  await rename(join(folder, "proxy.ts"), join(folder, "middleware.ts"));
  await edit("middleware.ts", (text) => text.replace("const proxy =", "const middleware ="));
  if (front.endsWith("Node")) {
    await edit("middleware.ts", (text) => text.replace("const config = {", 'const config = {\n  runtime: "nodejs",'));
  }
}

async function keepSessionsInCookies(): Promise<void> {
  await writeFile(join(folder, "store.ts"), "export const openStore = (_environment: unknown) => undefined;\n");
  await rm(join(folder, "instrumentation.ts"));
}

async function moveRoutesToEdge(): Promise<void> {
  await edit("app/slow/route.ts", (text) =>
    text.replace(
      'import { setTimeout as wait } from "node:timers/promises";\n',
      "const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));\n",
    ),
  );
  for (const file of globSync("app/**/{page.tsx,route.ts}", { cwd: folder })) {
    // What is the same for everybody is built ahead, as ever.
    if (file.startsWith("app/about/")) continue;
    await edit(file, (text) => `${text}\nexport const runtime = "edge";\n`);
  }
}
