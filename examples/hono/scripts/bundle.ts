import { builtinModules } from "node:module";

/** What is needed of the metafile that esbuild writes beside a bundle. */
export interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly { path: string; original?: string }[] }>>;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
        readonly imports: readonly { path: string; external?: boolean }[];
      }
    >
  >;
}

/** What only Node has; code that asks whether it is there (`typeof process`) is no leak. */
const nodeGlobals = ["Buffer", "setImmediate", "__dirname", "__filename"] as const;

/** Packages that belong to other runtimes. */
const foreign = /^(@hono\/node-server|express|next|redis|ioredis|unenv|@cloudflare\/unenv-preset|react|@types\/.*)$/;

function output(meta: Metafile): Metafile["outputs"][string] {
  const found = Object.values(meta.outputs).find((candidate) => candidate.entryPoint !== undefined);
  if (found === undefined) throw new Error("The metafile has no entry point.");
  return found;
}

/** `packages/server`, `hono`, `src/app.ts`: where a file of the bundle belongs. */
function partOf(path: string): string {
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  if (installed !== undefined) return installed;
  return path
    .replace(/^(\.\.\/)+/, "")
    .split("/")
    .slice(0, 2)
    .join("/");
}

/** The parts of a bundle with their bytes in it, largest first. */
export function partsOf(meta: Metafile): [part: string, bytes: number][] {
  const sizes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(output(meta).inputs)) {
    sizes.set(partOf(path), (sizes.get(partOf(path)) ?? 0) + bytesInOutput);
  }
  return [...sizes].sort(([, one], [, other]) => other - one);
}

/** Names what a worker without `nodejs_compat` cannot have, and which file brought it in. */
export function findLeaks(meta: Metafile, code: string): string[] {
  const leaks: string[] = [];
  const isNodeModule = (name: string): boolean => name.startsWith("node:") || builtinModules.includes(name);
  for (const { path } of output(meta).imports) {
    if (!isNodeModule(path)) continue;
    const importers = Object.entries(meta.inputs).filter(([, input]) => input.imports.some((one) => one.path === path));
    leaks.push(`${path}, imported by ${importers.map(([importer]) => importer).join(", ") || "the bundle"}`);
  }
  for (const part of new Set(Object.keys(output(meta).inputs).map(partOf))) {
    if (foreign.test(part)) leaks.push(`the package ${part}`);
  }
  for (const name of nodeGlobals) {
    if (new RegExp(`(?<![\\w$.])${name}(?=[.(])`).test(code)) leaks.push(`the global ${name}`);
  }
  // What esbuild writes where a `require` is left for the runtime to do.
  if (code.includes("Dynamic require of")) leaks.push("the global require");
  return leaks;
}
