import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A Node of this machine. */
export interface NodeVersion {
  readonly version: string;
  readonly path: string;
}

/** Every Node on PATH, one of each version; the one that runs the tests comes first. */
export function nodeVersions(): NodeVersion[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = new Map([[process.version, process.execPath]]);
  for (const path of folders.map((folder) => join(folder, "node")).filter((file) => existsSync(file))) {
    const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
    if (!found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ version, path }));
}
