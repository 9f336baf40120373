import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@pixy/source", "module"];

// A core that only the server's tests hold would be an untested core; the server's own tests are in many places, one
// adapter's contract among them. Those that start programs are left out: they read what was built, and no mutant.
const ofServer = [
  ...["packages/{grants,server}/src/**/*.test.ts", "tests/server/*.test.ts", "tests/adapters/hono.test.ts"],
  ...["login", "requests", "sessions"].map((name) => `tests/security/${name}.test.ts`),
  "tests/stores.test.ts",
];

/** One project with the tests that judge the mutants of a package; Stryker starts those that reach the changed line. */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: [...conditions, "browser", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
  test: {
    include: process.env.MUTATED === "core" ? ["packages/core/src/**/*.test.ts"] : ofServer,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
export default config;
