import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { root } from "../lib/example.ts";
import { files } from "./files.ts";
import { renderPage } from "./page.ts";
import { type Reason, reasonOf, type Score } from "./score.ts";

const read = <Value>(name: string): Value => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as Value;
const scores = read<readonly Score[]>("scores.json");
const reasons = read<readonly Reason[]>("reasons.json");

it("tools/mutation/README.md says what was measured", () => {
  expect(readFileSync(`${root}tools/mutation/README.md`, "utf8")).toBe(renderPage(scores, reasons));
});

it("judges files that exist, and explains only what survived", () => {
  expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
  for (const { file, changes } of reasons) {
    const survivors = scores.find((score) => score.file === file)?.survivors ?? [];
    for (const change of changes) expect(survivors.map((survivor) => survivor.change)).toContain(change);
  }
});

it("puts survivors below their reason, and says which have none", () => {
  const score = {
    ...{ file: "packages/core/src/a.ts", mutants: 3, killed: 1 },
    survivors: [
      { line: 1, change: "1 → 2" },
      { line: 2, change: "`a` → ``" },
    ],
  };
  const page = renderPage([score], [{ file: score.file, changes: ["1 → 2"], reason: "Only slower." }]);
  expect(page).toContain("| `core/a.ts` |       3 |       1 |        2 | 33.3 % |");
  expect(page).toContain("- Only slower.\n  - 1: `1 → 2`\n- Not judged yet.\n  - 2: `` `a` → `` ``\n");
  expect(reasonOf("another.ts", { line: 1, change: "1 → 2" }, [{ ...score, changes: ["1 → 2"], reason: "" }])).toBe(
    undefined,
  );
});
