import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@pixy/source", "module"];

/** One project with the tests that are asked; Stryker starts those that reach the changed line. */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions: [...conditions, "browser", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
  test: {
    include: JSON.parse(process.env.TESTS ?? "[]") as string[],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
export default config;
