import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { serveRegistry } from "./registry.ts";
import type { Tarball } from "./tarball.ts";

const run = promisify(execFile);

/** An empty project outside the repository, where packages are installed as strangers install them. */
export interface Project {
  readonly folder: string;
  write(path: string, text: string): Promise<void>;
  /** Runs a program to its end in the project, and returns what it printed; throws, with the output, if it fails. */
  run(program: string, ...parameters: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Makes a project and installs `tarballs` with npm, from a registry that has them, next to what else it depends on. */
export async function createProject(
  tarballs: readonly Tarball[],
  dependencies: Readonly<Record<string, string>>,
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "pixy-project-"));
  const ours = Object.fromEntries(tarballs.map(({ name }) => [name, "latest"]));
  const project: Project = {
    folder,
    write: (path, text) => writeFile(join(folder, path), text),
    async run(program, ...parameters) {
      const running = run(program, parameters, { cwd: folder, env: strangerEnvironment(), maxBuffer: 16_000_000 });
      running.child.stdin?.end();
      return running.then(
        ({ stdout }) => stdout,
        (error: { message: string; stdout?: string }) => {
          throw new Error(`${error.message}\n${error.stdout ?? ""}`);
        },
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  const manifest = { private: true, type: "module", dependencies: { ...dependencies, ...ours } };
  await project.write("package.json", JSON.stringify(manifest));
  // `engine-strict`: a dependency that asks for a newer Node than we promise is an error for some of our users.
  // Optional ones are the binaries that Next builds with, 100 MB that nothing here starts.
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--engine-strict", "--omit=optional"];
  const registry = await serveRegistry(tarballs);
  try {
    await project.run("npm", "install", `--@pixy:registry=${registry.url}`, ...flags);
  } finally {
    await registry.close();
  }
  return project;
}

/** Tells whether npm can install anything on this machine now. */
export async function reachesRegistry(): Promise<boolean> {
  return run("npm", ["view", "jose", "version", "--fetch-retries=0", "--fetch-timeout=10000"]).then(
    () => true,
    () => false,
  );
}

/** The environment without what pnpm and vitest tell their own children: vitest sets BASE_URL, for one. */
export function strangerEnvironment(): NodeJS.ProcessEnv {
  const own =
    /^(pnpm|npm_(package|lifecycle|command|execpath|node_execpath|config_user_agent)|vitest|(base_url|mode|dev|prod|ssr|test|node_env)$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** pnpm puts the programs of this repository first; a reader has none of them. */
export function withoutOwnPrograms(path: string): string {
  const folders = path.split(delimiter);
  return folders.filter((folder) => !/node_modules|pnpm/.test(folder)).join(delimiter);
}
