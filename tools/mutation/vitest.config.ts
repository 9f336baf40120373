import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@pixy/source", "module"];

// A core that only the server's tests hold would be an untested core, and so with grants; the server's own tests are in
// many places, one adapter's contract among them. Those that start programs are left out: they read what was built, and no
// mutant. The model of shared grants is left out for its length: it is asked what no other test says.
const tests: Readonly<Record<string, readonly string[]>> = {
  core: ["packages/core/src/**/*.test.ts"],
  grants: [
    "packages/grants/src/**/*.test.ts",
    "tests/grants/*.test.ts",
    "tests/stores.test.ts",
    "tests/server/refresh*.test.ts",
  ],
  server: [
    ...["packages/server/src/**/*.test.ts", "tests/server/!(sharing.model).test.ts", "tests/adapters/hono.test.ts"],
    ...["login", "requests", "sessions"].map((name) => `tests/security/${name}.test.ts`),
  ],
};

/** One project with the tests that judge the mutants of a package; Stryker starts those that reach the changed line. */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: [...conditions, "browser", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
  test: {
    include: [...(tests[process.env.MUTATED ?? "core"] ?? [])],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
export default config;
