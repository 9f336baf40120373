import { existsSync, readFileSync } from "node:fs";

/** A file of an installed package, by `package/path`; those of `check interop-npm` are in a folder of its own. */
export function installedFile(path: string): URL {
  const file = new URL(`../node_modules/${path}`, import.meta.url);
  return existsSync(file) ? file : new URL(`npm/node_modules/${path}`, import.meta.url);
}

/** The version of an installed package. */
export function versionOf(name: string): string {
  const manifest = JSON.parse(readFileSync(installedFile(`${name}/package.json`), "utf8")) as { version: string };
  return manifest.version;
}
