import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { apiReports } from "../tools/api-report/report.ts";
import { root } from "../tools/lib/example.ts";

const pinned = (path: string): string => readFileSync(root + path, "utf8");

/** What a package exports is a promise: a type or a name that changes shows up in the change, and in a changeset. */
it("each package exports what its api.md says", { timeout: 300_000 }, () => {
  const reports = apiReports();
  expect(reports.size).toBeGreaterThan(8);
  for (const [path, report] of reports) {
    expect(
      pinned(path),
      `${path} is of before. Write it anew, and look at what changed: npx -y pnpm@12 write api`,
    ).toBe(report);
  }
});

it("the adapters pass on the same names of @pixy/server", () => {
  const [express, ...others] = ["express", "hono", "next"].map(
    (name) => /export \{([^}]*)\} from '@pixy\/server'/.exec(pinned(`packages/${name}/api.md`))?.[1],
  );
  expect(express).toContain("SessionOf");
  expect(others).toEqual([express, express]);
});
