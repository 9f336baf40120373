import type { Cell } from "./cells.ts";

/** What came of a cell. */
export interface Result extends Cell {
  readonly version: string;
  /** Whether a build fails that would ship an auth.ts with `server-only` to the browser. */
  readonly serverOnly?: boolean;
  readonly passed: number;
  /** The names of the tests that failed. */
  readonly failed: readonly string[];
}

/** Why a test cannot hold in some cells, by how its name ends. */
interface Reason {
  readonly test: string;
  readonly holdsIn: (cell: Cell) => boolean;
  readonly because: string;
}

const isEdge = ({ routes }: Cell): boolean => routes === "edge";
const emptyResult =
  "Next answers with 500 where a Server Action on the edge redirects to another origin or to a Route Handler: " +
  "`dist/build/templates/edge-ssr-app.js` takes its empty body for a failure";

const reasons: readonly Reason[] = [
  {
    test: "a dead refresh token is tried once, and leads to the login",
    holdsIn: ({ front }) => front.endsWith("edge"),
    because: "`middleware.ts` on the edge shares no memory with the rest, so each of them tries it once",
  },
  {
    test: "changes nothing by hovering and prefetching, signed out or in",
    holdsIn: ({ next }) => next === 15,
    because:
      "`router.prefetch()` of Next 15 fetches a page as a click does, which nothing tells apart, so it may refresh",
  },
  { test: "asks for one more scope by a Server Action, and comes back", holdsIn: isEdge, because: emptyResult },
  {
    test: "sends an action of somebody who is no longer logged in to the login, and back",
    holdsIn: isEdge,
    because: emptyResult,
  },
  {
    test: "GET / signed out is a page with a way in",
    holdsIn: isEdge,
    because:
      "Next says no `Cache-Control` for a page on the edge, as it does on Node: `headers` in next.config.ts has to",
  },
];

export function reasonOf(name: string, cell: Cell): string | undefined {
  return reasons.find(({ test, holdsIn }) => name.endsWith(test) && holdsIn(cell))?.because;
}

/** tools/next-cells/README.md from the results. */
export function renderPage(results: readonly Result[]): string {
  const rows = results.map(({ version, bundler, front, routes, serverOnly, passed, failed }) => [
    ...[
      version,
      bundler,
      front,
      routes,
      serverOnly === undefined ? "not tried" : serverOnly ? "build fails" : "IS BUILT",
    ],
    failed.length === 0 ? `${passed} tests pass` : `${passed} tests pass, ${failed.length} fail`,
  ]);
  const broken = results.filter(({ failed }) => failed.length > 0);
  return `${[
    "# Ways to build and serve a Next app",
    "",
    "Written by `npx -y pnpm@12 check next-cells`, which makes [the example](../../examples/next) into each of them, builds it and holds it to",
    "[the contract of the examples](../../tests/next/contract.test.ts) and to [what it does in Chromium](../../tests/next/browser.test.ts). Next 15 is",
    "installed for it, with our packages as they are packed. On the edge runtime sessions are in cookies, so the contract is asked once there, and",
    "not a second time with sessions in memory. *auth.ts in a client* is the same app with a client component that imports more of `auth.ts` than a",
    'type: with `import "server-only"` at the top of that file nothing of it may come to the browser.',
    "",
    ...table([["Next", "bundler", "in front", "pages and routes", "auth.ts in a client", "result"], ...rows]),
    ...broken.flatMap((result) => [
      "",
      `What fails on Next ${result.version}, ${result.bundler}, ${result.front}, routes on ${result.routes}:`,
      "",
      ...result.failed.map((name) => `- ${name}: ${reasonOf(name, result) ?? "without a reason that is known"}.`),
    ]),
    "",
    'What Next 16 does not build at all, in its own words: "The `edge` runtime is **NOT** supported in `proxy`. The `proxy` runtime is `nodejs`, and',
    'it cannot be configured. If you want to continue using the `edge` runtime, keep using `middleware`" (its guide to version 16); "Cache Components',
    'requires the Node.js runtime and does not support the `runtime` route segment config" (its page on `cacheComponents`). Both pages are in',
    "`next/dist/docs`. It calls the edge runtime deprecated.",
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
