/**
 * What a release would do, without doing it: in a copy of the committed state it turns the changesets into versions and
 * changelogs, packs every package, and lets pnpm publish each one dry. Needs no network, and changes nothing here.
 */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "pixy-release-"));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function run(program: string, parameters: readonly string[], cwd: string = copy): string {
  return execFileSync(program, parameters, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

/** The published packages of a checkout, by folder. */
function packagesOf(checkout: string): Map<string, Manifest> {
  const folders = globSync("packages/*/package.json", { cwd: checkout }).map(dirname).sort();
  const manifests = folders.map((folder) => {
    const text = readFileSync(join(checkout, folder, "package.json"), "utf8");
    return [folder, JSON.parse(text) as Manifest] as const;
  });
  return new Map(manifests.filter(([, manifest]) => manifest.private !== true));
}

function check(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

try {
  run("git", ["clone", "--quiet", root, copy], root);
  const before = packagesOf(copy);
  const changesets = globSync(".changeset/*.md", { cwd: copy }).filter((path) => !path.endsWith("README.md"));
  run("pnpm", ["install", "--offline", "--frozen-lockfile", "--ignore-scripts"]);
  if (changesets.length > 0) run("pnpm", ["exec", "changeset", "version"]);
  const after = packagesOf(copy);

  const versions = new Set([...after.values()].map(({ version }) => version));
  check(versions.size === 1, `All packages share one version, not ${[...versions].join(", ")}.`);
  for (const [folder, { name, version }] of after) {
    check(changesets.length === 0 || version !== before.get(folder)?.version, `${name} stays at ${version}.`);
    const changelog = globSync(join(copy, folder, "CHANGELOG.md")).map((path) => readFileSync(path, "utf8"))[0] ?? "";
    check(changelog.includes(`## ${version}`), `${name} has no entry for ${version} in its CHANGELOG.md.`);
    cpSync(join(root, folder, "dist"), join(copy, folder, "dist"), { recursive: true });
    const published = run("pnpm", ["publish", "--dry-run", "--no-git-checks", "--json"], join(copy, folder));
    check(published.includes(`${name}@${version}`), `${name}@${version} is not what pnpm would publish:\n${published}`);
    console.log(`${name}@${version}`);
  }
  console.log(`${after.size} packages would be published, from ${changesets.length} changesets.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
