import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../lib/example.ts";
import { type Cell, needsCookies } from "./cells.ts";

// As deep as the example, so that its configuration finds the workspace's.
const folder = `${root}.cache/next-cell`;
const packages = `${root}.cache/next-15`;

const keeps = (path: string): boolean => !/\/(node_modules|\.next|\.turbo)(\/|$)/.test(path.slice(root.length - 1));

/** Makes the Next example into an app of this cell and builds it. Returns its folder and the version of Next. */
export async function buildApp(cell: Cell): Promise<{ readonly folder: string; readonly version: string }> {
  await rm(folder, { recursive: true, force: true });
  await cp(`${root}examples/next`, folder, { recursive: true, filter: keeps });
  const modules = cell.next === 15 ? await installNext15() : `${root}examples/next/node_modules`;
  await symlink(modules, join(folder, "node_modules"));
  // The example is type-checked where it is.
  await edit("next.config.ts", (text) =>
    text.replace("poweredByHeader: false,", "poweredByHeader: false,\n  typescript: { ignoreBuildErrors: true },"),
  );
  if (!cell.front.startsWith("proxy.ts")) await moveToMiddleware(cell);
  if (needsCookies(cell)) await keepSessionsInCookies();
  if (cell.routes === "edge") await moveRoutesToEdge();
  const bundler = cell.bundler === "webpack" ? cell.next === 16 && "--webpack" : cell.next === 15 && "--turbopack";
  const parameters = ["node_modules/next/dist/bin/next", "build", ...(bundler ? [bundler] : [])];
  const built = execFileSync(process.execPath, parameters, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  console.log(built);
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

/** Installs Next 15 with our packages as the registry would hand them out. Returns the folder of modules. */
async function installNext15(): Promise<string> {
  const modules = join(packages, "node_modules");
  if (existsSync(join(packages, "installed"))) return modules;
  await rm(packages, { recursive: true, force: true });
  await mkdir(packages, { recursive: true });
  const run = (command: string, ...parameters: string[]) =>
    execFileSync(command, parameters, { cwd: packages, stdio: "inherit" });
  const names = ["browser", "core", "grants", "next", "providers", "redis", "server"];
  for (const name of names) run("pnpm", "--dir", `${root}packages/${name}`, "pack", "--pack-destination", packages);
  const packed: Record<string, string> = {};
  for (const file of await readdir(packages)) {
    const name = /^pixy-(\w+)-.*\.tgz$/.exec(file)?.[1];
    if (name) packed[`@pixy/${name}`] = `file:${join(packages, file)}`;
  }
  await cp(`${root}examples/shared`, join(packages, "shared"), { recursive: true, filter: keeps });
  const shared = join(packages, "shared/package.json");
  await writeFile(shared, (await readFile(shared, "utf8")).replaceAll('"workspace:^"', '"*"'));
  const example = JSON.parse(await readFile(`${root}examples/next/package.json`, "utf8"));
  const { react, "react-dom": reactDom, redis } = example.dependencies;
  const manifest = {
    ...{ name: "next-15", private: true, type: "module", overrides: packed },
    dependencies: {
      ...packed,
      "example-shared": "file:./shared",
      next: "^15.5.0",
      react,
      "react-dom": reactDom,
      redis,
    },
    devDependencies: { typescript: "5.9.3", ...example.devDependencies },
  };
  await writeFile(join(packages, "package.json"), JSON.stringify(manifest));
  run("npm", "install", "--no-audit", "--no-fund", "--install-links=false");
  await writeFile(join(packages, "installed"), "");
  return modules;
}
