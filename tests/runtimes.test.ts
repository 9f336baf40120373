import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const runtimes = fileURLToPath(new URL("../tools/runtimes", import.meta.url));

/** This Node, and each other from 20 that stands on PATH, which on most machines is the one that started pnpm. */
function installedNodes(): Map<string, string> {
  const candidates = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const programs = new Set(
    [process.execPath, ...candidates].filter((path) => existsSync(path)).map((path) => realpathSync(path)),
  );
  const versions = [...programs].map((path): [string, string] => [
    execFileSync(path, ["--version"], { encoding: "utf8" }).trim(),
    path,
  ]);
  return new Map(versions.filter(([version]) => Number.parseInt(version.slice(1), 10) >= 20));
}

/** The short form of `npx -y pnpm@12 matrix`: the built packages on the versions of Node that are at hand. */
describe("the built packages", () => {
  for (const [version, program] of installedNodes()) {
    it(`keep their promises on Node ${version}`, () => {
      const files = ["core.test.mjs", "server.test.mjs"];
      const { NODE_OPTIONS: _, ...env } = process.env;
      const parameters = ["--test", "--test-reporter=tap", ...files];
      const { status, stdout, stderr } = spawnSync(program, parameters, { cwd: runtimes, encoding: "utf8", env });
      expect(status, `${stdout}${stderr}`).toBe(0);
      expect(stdout).toMatch(/^# pass 1\d$/m);
    });
  }
});
