/**
 * The tests that judge the changes in a package. A core that only the server's tests hold would be an untested core, and so
 * with grants; the server's own tests are in many places, one adapter's contract among them. Those that start programs are
 * left out: they read what was built, and no change. The model of shared grants is left out for its length: it is asked
 * what no other test says.
 */
export const testsOf: Readonly<Record<string, readonly string[]>> = {
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
