import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const frameworks = ["express", "next", "hono"] as const;
export type Framework = (typeof frameworks)[number];

/** What stands in the folder before anything is written. */
export interface Project {
  readonly folder: string;
  /** Null where package.json names none of the three. */
  readonly framework: Framework | null;
  readonly isTypeScript: boolean;
  /** The ending of a module: `ts`, `js`, or `mts`, `mjs` where package.json does not say `"type": "module"`. */
  readonly ending: string;
  /** Next keeps its files below `src/` where there is a `src/app`. */
  readonly root: "" | "src/";
  readonly nextMajor: number;
}

/** Reads package.json and looks for what else tells. Throws where there is no package.json. */
export function readProject(folder: string): Project {
  const path = join(folder, "package.json");
  if (!existsSync(path))
    throw new Error("There is no package.json here. Run it in your project's folder, or npm init first.");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as {
    readonly type?: string;
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
  };
  const installed: Record<string, string> = { ...manifest.devDependencies, ...manifest.dependencies };
  const has = (name: string) => Object.hasOwn(installed, name);
  // An app of Next may serve with Express, too; its pages are what people see.
  const framework = (["next", "hono", "express"] as const).find(has) ?? null;
  const isTypeScript = has("typescript") || existsSync(join(folder, "tsconfig.json"));
  const isModule = framework === "next" || manifest.type === "module";
  return {
    folder,
    framework,
    isTypeScript,
    ending: `${isModule ? "" : "m"}${isTypeScript ? "ts" : "js"}`,
    root: existsSync(join(folder, "src/app")) ? "src/" : "",
    nextMajor: Number(/\d+/.exec(installed.next ?? "")?.[0] ?? 16),
  };
}

/** Where apps begin: with one of these there is an app, and ours would be a second one. */
export function hasServer({ folder }: Project): boolean {
  const names = ["server", "app", "index", "main", "src/server", "src/app", "src/index", "src/main"];
  const endings = ["ts", "js", "mts", "mjs", "cts", "cjs", "tsx", "jsx"];
  return names.some((name) => endings.some((ending) => existsSync(join(folder, `${name}.${ending}`))));
}
