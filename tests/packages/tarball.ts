import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** A package that is published, by its manifest in the repository. */
export interface Publishable {
  readonly name: string;
  readonly folder: string;
}

/** A packed package, as the registry would hand it out. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The packages of a checkout that are published: each one that is not private. */
export function publishablePackages(checkout: string = root): Publishable[] {
  return globSync("packages/*/package.json", { cwd: checkout })
    .map((path) => ({ path, manifest: JSON.parse(readFileSync(join(checkout, path), "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ path, manifest }) => ({ name: manifest.name as string, folder: join(checkout, dirname(path)) }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Packs a built package into `folder`. Throws where it was not built. */
export async function pack({ name, folder: source }: Publishable, folder: string): Promise<Tarball> {
  // A package without a root has its presets there.
  const built = (ending: string) => globSync(`dist/*${ending}`, { cwd: source }).length > 0;
  if (!built(".js") || !built(".d.ts")) {
    throw new Error(`${name} is not built. Build it first: npx -y pnpm@12 build`);
  }
  const { stdout } = await run("pnpm", ["pack", "--json", "--pack-destination", folder], { cwd: source });
  const path = (JSON.parse(stdout) as { readonly filename: string }).filename;
  return { name, path, bytes: new Uint8Array(await readFile(path)) };
}
