import { readFileSync } from "node:fs";
import { createVitest, type Vitest } from "vitest/node";
import { root } from "../../scripts/lib/example.ts";

/** What the parent asks for: run these tests with this text in the place of the file. */
export interface Order {
  readonly file: string;
  readonly text: string | null;
  readonly tests: readonly string[];
}

let replaced: Order | null = null;

/** One project for all tests; they find the workspace's sources as everywhere. */
async function start(): Promise<Vitest> {
  const conditions = ["@pixy/source", "module"];
  return createVitest(
    "test",
    {
      ...{ root, config: false, watch: false, bail: 1, reporters: [{}], pool: "forks", maxWorkers: 1 },
      // The cache on disk is keyed by what stands in the file, and would answer for the mutants too.
      fsModuleCache: false,
      include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
      testTimeout: 10_000,
      hookTimeout: 10_000,
    },
    {
      configFile: false,
      resolve: { conditions: [...conditions, "browser", "development|production"] },
      ssr: { resolve: { conditions: [...conditions, "node", "development|production"] } },
      plugins: [
        {
          name: "mutant",
          enforce: "pre",
          load: (id) => (replaced?.text != null && id === root + replaced.file ? replaced.text : undefined),
        },
      ],
    },
  );
}

const vitest = await start();
process.on("message", async (order: Order) => {
  replaced = order;
  for (const { vite } of [...vitest.projects, { vite: vitest.vite }]) {
    for (const { moduleGraph } of Object.values(vite.environments)) {
      for (const module of moduleGraph.getModulesByFile(root + order.file) ?? []) moduleGraph.invalidateModule(module);
    }
  }
  const specifications = await vitest.globTestSpecifications(order.tests.map((test) => root + test));
  const found = new Set(specifications.map(({ moduleId }) => moduleId));
  const missing = order.tests.filter((test) => !found.has(root + test));
  if (missing.length > 0) throw new Error(`No such test: ${missing.join(", ")}`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const passed = unhandledErrors.length === 0 && testModules.every((module) => module.ok());
  vitest.state.clearErrors();
  process.send?.({ passed });
});
process.on("disconnect", () => void vitest.close().finally(() => process.exit(0)));
process.send?.({ ready: readFileSync(new URL(import.meta.url), "utf8").length > 0 });
