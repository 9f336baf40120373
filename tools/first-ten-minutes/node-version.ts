import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { strangerEnvironment, withoutOwnPrograms } from "../../tests/packages/project.ts";
import { root } from "../lib/example.ts";

const run = promisify(execFile);

/** A Node with the npm that comes with it. */
export interface NodeVersion {
  /** `v22.18.0`. */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
  /** Where `node`, `npm` and `npx` are. */
  readonly programs: string;
  /** The settings that npm has on this machine; an npm elsewhere looks for them elsewhere. */
  readonly npmrc: string;
}

/** Node's own downloads carry this npm; the `node` package of npm carries none. */
const npmOf: Readonly<Record<number, string>> = { 20: "10", 22: "10", 24: "11", 26: "11" };

/** Installs the newest Node of a major version from npm, into a folder that is kept. */
export async function installNode(major: number): Promise<NodeVersion> {
  const folder = join(root, ".cache/node", String(major));
  const options = { cwd: folder, env: strangerEnvironment() };
  const dependencies = { node: String(major), npm: npmOf[major] ?? "11" };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const npmrc = (await run("npm", ["config", "get", "globalconfig"], options)).stdout.trim();
  await run("npm", ["install", "--no-audit", "--no-fund"], options);
  const programs = join(folder, "node_modules/.bin");
  const version = (await run(join(programs, "node"), ["--version"])).stdout.trim();
  const [, found = "", minor = ""] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  if (Number(found) !== major) throw new Error(`npm's "node@${major}" is Node ${version}.`);
  return { version, major, minor: Number(minor), programs, npmrc };
}

/** The environment of somebody who has this Node, and nothing of this repository. */
export function environmentOn({ programs, npmrc }: NodeVersion): NodeJS.ProcessEnv {
  return {
    ...strangerEnvironment(),
    PATH: [programs, withoutOwnPrograms(process.env.PATH ?? "")].join(delimiter),
    npm_config_globalconfig: npmrc,
    NO_COLOR: "1",
  };
}
