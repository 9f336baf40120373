import type { Cell } from "./cells.ts";

/** What came of a cell. */
export interface Result extends Cell {
  readonly version: string;
  readonly passed: number;
  /** The names of the tests that failed. */
  readonly failed: readonly string[];
}

/** Why a test cannot hold in a cell, by how its name ends. */
const reasons: Readonly<Record<string, string>> = {
  "a dead refresh token is tried once, and leads to the login":
    "`middleware.ts` on the edge and pages on Node share no memory, so each of them tries it once",
  "changes nothing by hovering and prefetching, signed out or in":
    "`router.prefetch()` of Next 15 fetches a page as a click does, which nothing tells apart, so it may refresh",
};

export function reasonOf(name: string): string | undefined {
  return Object.entries(reasons).find(([end]) => name.endsWith(end))?.[1];
}

/** tools/next-cells/README.md from the results. */
export function renderPage(results: readonly Result[]): string {
  const rows = results.map(({ version, bundler, front, routes, passed, failed }) => [
    ...[version, bundler, front, routes],
    failed.length === 0 ? `${passed} tests pass` : `${passed} tests pass, ${failed.length} fail`,
  ]);
  const broken = results.filter(({ failed }) => failed.length > 0);
  return `${[
    "# Ways to build and serve a Next app",
    "",
    "Written by `npx -y pnpm@12 check next-cells`, which makes [the example](../../examples/next) into each of them, builds it and holds it to",
    "[the contract of the examples](../../tests/next/contract.test.ts) and to [what it does in Chromium](../../tests/next/browser.test.ts). Next 15 is",
    "installed for it, with our packages as they are packed. On the edge runtime sessions are in cookies, so the contract is asked once there, and",
    "not a second time with sessions in memory.",
    "",
    ...table([["Next", "bundler", "in front", "pages and routes", "result"], ...rows]),
    ...broken.flatMap(({ version, bundler, front, routes, failed }) => [
      "",
      `What fails on Next ${version}, ${bundler}, ${front}, routes on ${routes}:`,
      "",
      ...failed.map((name) => `- ${name}: ${reasonOf(name) ?? "without a reason that is known"}.`),
    ]),
    "",
    "The example as it is (Turbopack, proxy.ts), the same without a proxy, and an app with `cacheComponents`, `partialPrefetching`,",
    '`trailingSlash`, `basePath` and `output: "standalone"` behind nginx are part of the tests: [tests/next](../../tests/next).',
  ].join("\n")}\n`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = "", ...body] = rows.map(
    (row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body];
}
