/**
 * Renames the packages' scope: `node scope.ts @acme`. In every file that git knows, manifests, imports, docs and lockfiles; then
 * the imports are sorted anew. What is on the wire or in a store stays: cookies, keys, environment variables, commands.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rescope, scope } from "./lib/scope.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const [to = ""] = process.argv.slice(2);

if (!/^@[a-z\d][a-z\d-]{0,38}$/.test(to)) {
  console.error(
    `Give the scope that is yours on npm, such as: npx -y pnpm@12 write scope @acme. Today it is ${scope}.`,
  );
  process.exit(1);
}
const run = (program: string, ...words: string[]) => execFileSync(program, words, { cwd: root, encoding: "utf8" });
let changed = 0;
for (const path of run("git", "ls-files", "-z").split("\0").filter(Boolean)) {
  const text = readFileSync(`${root}${path}`, "utf8");
  // A file that is no text would not be the same.
  const renamed = text.includes("\0") ? text : rescope(text, scope, to);
  if (renamed === text) continue;
  writeFileSync(`${root}${path}`, renamed);
  changed++;
}
run("npx", "biome", "check", "--write", ".");
console.log(`${changed} files say ${to} in the place of ${scope}. Now: npx -y pnpm@12 install && npx -y pnpm@12 test`);
