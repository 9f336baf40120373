import { availableParallelism } from "node:os";
import { defineProject } from "vitest/config";

type Project = ReturnType<typeof defineProject>;

const conditions = ["@pixy/source"];

/** For files that want the machine to themselves, as far as it has two cores: they come after all others. */
export const alone: Record<string, unknown> = { maxWorkers: undefined, sequence: { groupOrder: 1 } };

/**
 * Tests read the sources of every workspace package, so no build stands between a change and its test. With
 * `isolate: false` the files of a project share a worker, which saves two thirds of the time of many small files.
 */
export function project(name: string, test: Record<string, unknown> = {}): Project {
  return defineProject({
    resolve: { conditions: [...conditions, "module", "browser", "development|production"] },
    ssr: { resolve: { conditions: [...conditions, "module", "node", "development|production"] } },
    test: {
      name,
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      // A machine shared with others may stall for long: a time limit is there to end a hang, not to measure.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // Two at least: while one waits for a lease to end, another one counts.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      ...test,
    },
  });
}
