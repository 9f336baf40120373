import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";
import { type ExampleFile, exampleFilesOf } from "./code-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".cache/docs");
const run = promisify(execFile);

/** Where a package that the examples import is installed; ours are read as sources, so nothing has to be built. */
const installed: Readonly<Record<string, string>> = {
  "@pixy/*": "packages/*/src/index.ts",
  "@pixy/providers/*": "packages/providers/src/*.ts",
  "@pixy/openid/apple": "packages/openid/src/apple/index.ts",
  express: "tests/node_modules/@types/express",
  hono: "tests/node_modules/hono/dist/types/index.d.ts",
  "hono/html": "tests/node_modules/hono/dist/types/helper/html/index.d.ts",
  "@hono/node-server": "tests/node_modules/@hono/node-server",
  "@auth/core/*": "tests/node_modules/@auth/core/*",
  "express-session": "tests/node_modules/@types/express-session",
  "@playwright/test": "tests/node_modules/@playwright/test",
  "playwright-core": "tests/node_modules/playwright-core",
  electron: "tests/node_modules/electron/electron.d.ts",
  "@tauri-apps/*": "tests/node_modules/@tauri-apps/*",
  "@spotify/web-api-ts-sdk": "tests/node_modules/@spotify/web-api-ts-sdk",
  "@trpc/server": "tests/node_modules/@trpc/server",
  "@trpc/server/*": "tests/node_modules/@trpc/server/*",
  "next-safe-action": "tests/adapters/next-app/node_modules/next-safe-action",
  fastify: "tests/node_modules/fastify",
  next: "packages/next/node_modules/next",
  "next/*": "packages/next/node_modules/next/*",
  react: "examples/next/node_modules/@types/react",
  "react/*": "examples/next/node_modules/@types/react/*",
  redis: "packages/redis/node_modules/redis",
  ioredis: "packages/redis/node_modules/ioredis",
  pg: "packages/postgres/node_modules/@types/pg",
  vitest: "node_modules/vitest",
};

const compilerOptions = {
  lib: ["ES2024", "DOM", "DOM.Iterable"],
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
  module: "ESNext",
  moduleResolution: "bundler",
  customConditions: ["@pixy/source"],
  jsx: "react-jsx",
  declaration: false,
  isolatedDeclarations: false,
  // As strict as a new project is.
  exactOptionalPropertyTypes: false,
  rewriteRelativeImportExtensions: false,
  resolveJsonModule: true,
  paths: Object.fromEntries(Object.entries(installed).map(([name, path]) => [name, [join(root, path)]])),
};

/** Checks all files in one run; each problem is told with the line of the page that it is on. */
async function typecheck(files: readonly ExampleFile[], below: string): Promise<string[]> {
  rmSync(below, { recursive: true, force: true });
  for (const file of files) {
    mkdirSync(dirname(join(below, file.path)), { recursive: true });
    writeFileSync(join(below, file.path), file.text);
  }
  const settings = { extends: join(root, "tsconfig.base.json"), compilerOptions, include: ["**/*.ts", "**/*.tsx"] };
  writeFileSync(join(below, "tsconfig.json"), JSON.stringify(settings));
  // The package keeps its command out of its exports.
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await run(process.execPath, [tsc, "-p", below, "--pretty", "false"], { cwd: below }).catch(
    (error: { stdout: string }) => error,
  );
  return stdout.split("\n").flatMap((line) => onPage(line, files));
}

/** Problems of the packages' own sources are another check's. */
function onPage(problem: string, files: readonly ExampleFile[]): string[] {
  const [, path, line, rest] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(problem) ?? [];
  const file = files.find((candidate) => candidate.path === path);
  if (file !== undefined) return [`${file.page}:${Number(line) + file.offset}: ${rest}`];
  return problem.startsWith("error") ? [problem] : [];
}

describe("the TypeScript in our pages", () => {
  const pages = [...trackedFiles(root)].filter(([path]) =>
    /^(README|docs\/.+|packages\/[^/]+\/README)\.md$/.test(path),
  );
  const files = pages.flatMap(([path, text]) => exampleFilesOf(path, text));

  it("compiles", async () => {
    expect(files.length).toBeGreaterThan(20);
    expect(await typecheck(files, join(folder, "pages"))).toEqual([]);
  });

  it("is checked: a mistake is found, on its line", async () => {
    const page = ["# Page", "", "```ts", 'import { pixy } from "@pixy/express";', "", "pixy({ clientId: 1 });", "```"];
    const problems = await typecheck(exampleFilesOf("docs/planted.md", page.join("\n")), join(folder, "planted"));
    expect(problems[0]).toMatch(/^docs\/planted\.md:6: .*TS\d+/);
  });

  it("gives a reason wherever it is not checked", () => {
    expect(() => exampleFilesOf("docs/planted.md", "```ts ignore-check\nx;\n```")).toThrow("docs/planted.md:1");
    expect(exampleFilesOf("docs/planted.md", "```ts ignore-check: of a library that is not ours\nx;\n```")).toEqual([]);
  });
});
