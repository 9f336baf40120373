import type { Reporter, TestModule } from "vitest/node";

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts tests; a file or a suite that breaks outside its tests (an import, a hook) counts as one failure. */
export function count(modules: readonly TestModule[], otherFailures: number): Count {
  const total: Count = { passed: 0, failed: otherFailures, skipped: 0 };
  for (const module of modules) {
    total.failed += module.errors().length > 0 ? 1 : 0;
    for (const suite of module.children.allSuites()) total.failed += suite.errors().length > 0 ? 1 : 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that is still pending when the run ends was interrupted: it proved nothing.
      total[state === "pending" ? "failed" : state] += 1;
    }
  }
  return total;
}

export function summary({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function listed(variable: string): readonly unknown[] {
  const value: unknown = JSON.parse(process.env[variable] ?? "[]");
  return Array.isArray(value) ? value : [];
}

/** Prints `N passed, N failed` as the last line of the run, for people and for machines. */
export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const steps = listed("PIXY_BROKEN_STEPS");
    const warnings = listed("PIXY_WARNINGS");
    const line = summary(count(modules, unhandledErrors.length + steps.length));
    // On exit and not now: other reporters and coverage still have something to say.
    process.once("exit", () => {
      for (const warning of warnings) process.stdout.write(`${warning}\n`);
      for (const step of steps) process.stdout.write(`failed before the tests: ${step}\n`);
      process.stdout.write(`${line}\n`);
    });
  }
}
