import { readFileSync } from "node:fs";

/** A file of an installed package, by `package/path`. */
export function installedFile(path: string): URL {
  return new URL(`../node_modules/${path}`, import.meta.url);
}

/** The version of an installed package. */
export function versionOf(name: string): string {
  const manifest = JSON.parse(readFileSync(installedFile(`${name}/package.json`), "utf8")) as { version: string };
  return manifest.version;
}
