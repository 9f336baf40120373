import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { init } from "../../packages/server/bin/init.ts";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));
const command = join(root, "packages/server/bin/pixy.ts");
const run = promisify(execFile);

/** Where a package that a new app imports is installed here. */
const installed: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["express", "hono", "next", "server", "providers", "redis", "postgres"].map((name) => [
      `@pixy/${name}`,
      `packages/${name}`,
    ]),
  ),
  ...Object.fromEntries(
    ["express", "hono", "@hono/node-server", "@types/express", "pg", "@types/pg"].map((name) => [
      name,
      `tests/node_modules/${name}`,
    ]),
  ),
  ...Object.fromEntries(
    ["next", "react", "react-dom", "@types/react"].map((name) => [name, `examples/next/node_modules/${name}`]),
  ),
  ioredis: "packages/redis/node_modules/ioredis",
  typescript: "node_modules/typescript",
  "@types/node": "node_modules/@types/node",
};

/** A folder with what `npm init` and `npm install` leave behind. */
export interface NewProject {
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs `npx @pixy/server init` with these words; returns what it printed. */
  npx(...words: string[]): Promise<string>;
  /** The same, in this process. */
  init(...words: string[]): Promise<string>;
  /** What the compiler objects to. */
  typecheck(compilerOptions?: Readonly<Record<string, unknown>>): Promise<string>;
}

export function newProject(name: string, manifest: Readonly<Record<string, unknown>>): NewProject {
  const folder = join(root, ".cache/init", name);
  rmSync(folder, { recursive: true, force: true });
  for (const [dependency, path] of Object.entries(installed)) {
    const link = join(folder, "node_modules", dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, path), link);
  }
  const project: NewProject = {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    async init(...words) {
      const lines: string[] = [];
      await init(words, folder, (line) => lines.push(line));
      return `${lines.join("\n")}\n`;
    },
    async npx(...words) {
      const { stdout } = await run(process.execPath, ["--conditions=@pixy/source", command, "init", ...words], {
        cwd: folder,
      });
      return stdout;
    },
    async typecheck(compilerOptions = {}) {
      const options = {
        ...{ target: "es2022", lib: ["es2024", "dom", "dom.iterable"], types: ["node"], strict: true, noEmit: true },
        ...{
          module: "nodenext",
          skipLibCheck: true,
          allowImportingTsExtensions: true,
          customConditions: ["@pixy/source"],
        },
        ...compilerOptions,
      };
      const include = ["*.ts", "*.mts", "app/**/*", "auths/*"];
      project.write("tsconfig.json", JSON.stringify({ compilerOptions: options, include }));
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      const { stdout } = await run(process.execPath, [tsc, "-p", folder, "--pretty", "false"]).catch(
        (error: { stdout: string }) => error,
      );
      return stdout;
    },
  };
  project.write("package.json", JSON.stringify(manifest));
  return project;
}
