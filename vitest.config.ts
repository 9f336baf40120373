import { defineConfig } from "vitest/config";
import { CountReporter } from "./tools/lib/count-reporter.ts";

export default defineConfig({
  test: {
    projects: [
      "packages/*/vitest*.config.ts",
      "tests/vitest*.config.ts",
      "tools/vitest.config.ts",
      "examples/*/vitest.config.ts",
    ],
    reporters: ["default", new CountReporter()],
    coverage: { provider: "v8", include: ["packages/*/src/**"], reporter: ["text", "json-summary"] },
  },
});
