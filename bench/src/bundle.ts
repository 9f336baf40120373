import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

export interface Bundle {
  readonly code: string;
  readonly bytes: number;
  readonly gzipped: number;
}

const packages = ["core", "grants", "server", "express", "hono"] as const;

export interface BundleOptions {
  /** Where our packages' sources are: a checkout needs neither an installation nor a build. Default: this one. */
  readonly tree?: string;
  /** For Node, and not minified. */
  readonly runnable?: boolean;
  /** With the framework in it, as a worker is deployed. */
  readonly whole?: boolean;
}

/** Makes one minified file of `source`, an ES module; what is not ours comes from this installation. */
export async function bundle(source: string, options: BundleOptions = {}): Promise<Bundle> {
  const { tree = root, runnable = false, whole = false } = options;
  const result = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL("..", import.meta.url)), loader: "js" },
    alias: {
      ...Object.fromEntries(packages.map((name) => [`@pixy/${name}`, `${tree}/packages/${name}/src/index.ts`])),
      "@pixy/providers/spotify": presetOf(tree),
    },
    nodePaths: packages.map((name) => `${root}/packages/${name}/node_modules`),
    external: [...(whole ? [] : ["express", "hono", "hono/*"]), "node:*", ...builtinModules],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["browser"],
    minify: !runnable,
    // A library of the old kind asks for modules of Node at run time.
    ...(runnable
      ? {
          banner: {
            js: `import { createRequire } from "node:module"; const require = createRequire("${import.meta.url}");`,
          },
        }
      : {}),
    legalComments: "none",
    tsconfigRaw: {},
  });
  const code = result.outputFiles[0]?.text ?? "";
  return { code, bytes: Buffer.byteLength(code), gzipped: gzipSync(code, { level: 9 }).length };
}

/** Spotify's preset, which was core's once. */
function presetOf(tree: string): string {
  const now = `${tree}/packages/providers/src/spotify.ts`;
  return existsSync(now) ? now : `${tree}/packages/core/src/providers/spotify.ts`;
}

/** The version of an installed package. */
export async function versionOf(name: string): Promise<string> {
  const file = await readFile(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
  return (JSON.parse(file) as { version: string }).version;
}
