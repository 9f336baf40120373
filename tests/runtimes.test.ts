import { execFile, execFileSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveTwoOrigins, type TwoOrigins } from "../tools/runtimes/two-origins.ts";

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

/** The short form of `npx -y pnpm@12 check runtimes`: the built packages on the versions of Node that are at hand. */
describe("the built packages", () => {
  let origins: TwoOrigins;
  beforeAll(async () => {
    origins = await serveTwoOrigins();
  });
  afterAll(() => origins.close());

  for (const [version, program] of installedNodes()) {
    it(`keep their promises on Node ${version}`, async () => {
      const files = ["core.test.mjs", "redirects.test.mjs", "server.test.mjs", "native.test.mjs"];
      const env = { ...process.env, ...origins.environment, NODE_OPTIONS: undefined };
      const parameters = ["--test", "--test-reporter=tap", ...files];
      const run = promisify(execFile)(program, parameters, { cwd: runtimes, env });
      const { stdout } = await run.catch((error: { stdout: string; stderr: string }) => {
        expect.fail(`${error.stdout}${error.stderr}`);
      });
      expect(stdout).toMatch(/^# pass \d\d$/m);
    });
  }
});
