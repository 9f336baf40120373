import { createVitest, type Vitest } from "vitest/node";
import { root } from "../../scripts/lib/example.ts";

/** What the parent asks for: run these tests with this text in the place of the file. */
export interface Order {
  readonly file: string;
  readonly text: string | null;
  readonly tests: readonly string[];
}

export interface Report {
  readonly passed: boolean;
  /** What failed, and how. */
  readonly reasons: readonly string[];
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
      testTimeout: 20_000,
      hookTimeout: 20_000,
    },
    {
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
/** Forgets what the file looked like in the last run. */
function forget(file: string): void {
  for (const { vite } of [...vitest.projects, { vite: vitest.vite }]) {
    for (const { moduleGraph } of Object.values(vite.environments)) {
      for (const module of moduleGraph.getModulesByFile(root + file) ?? []) moduleGraph.invalidateModule(module);
    }
  }
}

process.on("message", async (order: Order) => {
  for (const { file } of replaced === null ? [order] : [replaced, order]) forget(file);
  replaced = order;
  const specifications = await vitest.globTestSpecifications(order.tests.map((test) => root + test));
  const found = new Set(specifications.map(({ moduleId }) => moduleId));
  const missing = order.tests.filter((test) => !found.has(root + test));
  if (missing.length > 0) throw new Error(`No such test: ${missing.join(", ")}`);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const failed = testModules.filter((module) => found.has(module.moduleId) && !module.ok());
  const passed = unhandledErrors.length === 0 && failed.length === 0;
  const reasons = failed.flatMap((module) =>
    [...module.children.allTests("failed")].map((test) => `${test.fullName}: ${test.result().errors?.[0]?.message}`),
  );
  vitest.state.clearErrors();
  process.send?.({
    passed,
    reasons: [...reasons, ...unhandledErrors.map((error) => String((error as Error).message))],
  } satisfies Report);
});
process.on("disconnect", () => void vitest.close().finally(() => process.exit(0)));
// The parent sends its first order when it has heard from us.
process.send?.("ready");
