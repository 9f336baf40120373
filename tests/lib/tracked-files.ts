import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const generated = ["node_modules", "dist", ".git", ".next", ".turbo", ".wrangler", "coverage", ".cache"];

function list(root: string): string[] {
  try {
    const git = ["-C", root, "ls-files", "-z"];
    return execFileSync("git", git, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\0");
  } catch {
    // An unpacked archive has no index: everything that no tool generated counts as tracked.
    return globSync("**/*", { cwd: root, exclude: (path) => generated.some((name) => path.split("/").includes(name)) });
  }
}

/** Tracked text files of the repository at `root`, as they are on disk now. */
export function trackedFiles(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const path of list(root)) {
    const absolute = join(root, path);
    if (path === "" || !existsSync(absolute) || !statSync(absolute).isFile()) continue;
    const text = readFileSync(absolute, "utf8");
    if (!text.includes("\0")) files.set(path, text);
  }
  return files;
}
