import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../lib/example.ts";
import { isSource } from "./source.ts";

const packages = `${root}.cache/next-15`;

/** Installs Next 15 with our packages as the registry would hand them out. Returns the folder of modules. */
export async function installNext15(): Promise<string> {
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
  await cp(`${root}examples/shared`, join(packages, "shared"), { recursive: true, filter: isSource });
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
