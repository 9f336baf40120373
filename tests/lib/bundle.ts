import { isBuiltin } from "node:module";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a bundler makes of a few lines that use our packages. */
export interface Bundle {
  /** Minified and gzipped. */
  readonly bytes: number;
  readonly code: string;
  /** The files of this repository and the packages that are in it, such as `core/src/pkce.ts` and `jose`. */
  readonly parts: readonly string[];
  /** What it leaves to the runtime. */
  readonly imports: readonly string[];
}

/** Bundles an ES module for a runtime that has web standards only; frameworks and modules of Node stay outside. */
export async function bundle(source: string, external: readonly string[] = []): Promise<Bundle> {
  const result = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
    conditions: ["@pixy/source"],
    external: [...external, "node:*"],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    outfile: "bundle.js",
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  const [output] = Object.values(result.metafile.outputs);
  if (file === undefined || output === undefined) throw new Error("esbuild wrote no file.");
  const used = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    bytes: gzipSync(file.contents, { level: 9 }).length,
    code: file.text,
    parts: [...new Set(used.map(([path]) => partOf(path)))].sort(),
    imports: output.imports.map(({ path }) => path),
  };
}

/** Names what must not be in a bundle: the parts that match `forbidden`, and modules of Node. */
export function leaksOf({ parts, imports }: Bundle, forbidden: RegExp): string[] {
  return [...parts.filter((part) => forbidden.test(part)), ...imports.filter((name) => isBuiltin(name))];
}

function partOf(path: string): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return installed ?? path.replace(/^.*?packages\//, "");
}
