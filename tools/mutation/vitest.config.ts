import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@pixy/source", "module"];

/** One project with the tests that judge a mutant; Stryker starts those that reach the changed line. */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: [...conditions, "browser", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
  test: {
    // Without those that start programs: they read what was built, and no mutant.
    include: [
      "packages/{core,server}/src/**/*.test.ts",
      "tests/server/*.test.ts",
      "tests/security/{login,sessions}.test.ts",
    ],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
export default config;
