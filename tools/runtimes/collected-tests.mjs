/** Stands for `node:test` where there is none: collects the tests, and runs them when it is told to. */
const tests = [];

export function test(name, body) {
  tests.push({ name, body });
}

/** Runs what was collected; returns how many passed, and why the others did not. */
export async function runCollected() {
  const failures = [];
  for (const { name, body } of tests) {
    try {
      await body();
    } catch (error) {
      failures.push(`${name}: ${error?.stack ?? error}`);
    }
  }
  return { passed: tests.length - failures.length, failures };
}
