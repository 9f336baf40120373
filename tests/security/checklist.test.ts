import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";
import { checklist } from "./checklist.ts";
import { namedTests } from "./named-tests.ts";
import { testsOf, threatsPage } from "./security-table.ts";

const files = trackedFiles(fileURLToPath(new URL("../..", import.meta.url)));
const tests = namedTests(files);
const ids = new Set(checklist.map((row) => row.id));

describe("the list of threats", () => {
  it("has every row once, each group without a gap", () => {
    expect(ids.size).toBe(checklist.length);
    const last = { P: 12, A: 36, B: 8, R: 7, N: 8, M: 10, S: 7, O: 11, X: 17, W: 14, C: 20, D: 3, F: 15, K: 20, V: 59 };
    const wanted = Object.entries(last).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    );
    expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
    expect(checklist).toHaveLength(wanted.length);
  });

  it("has a test for each row that is called tested, or names rows that have one", () => {
    const missing = checklist.filter((row) => {
      if (row.status !== "tested") return false;
      const others = row.shownBy?.map((id) => checklist.find((other) => other.id === id));
      const isShown = others?.every((other) => other?.status === "tested" && testsOf(other, tests).length > 0);
      return testsOf(row, tests).length === 0 && isShown !== true;
    });
    expect(missing.map((row) => row.id)).toEqual([]);
  });

  it("has a reason for each row that is not", () => {
    expect(checklist.filter((row) => row.status !== "tested" && !row.reason).map((row) => row.id)).toEqual([]);
  });

  it("names files that exist", () => {
    expect(checklist.filter((row) => !files.has(row.file)).map((row) => `${row.id} ${row.file}`)).toEqual([]);
  });

  it("stands in threats.md as it is (written by: npx -y pnpm@12 write threats)", () => {
    expect(files.get("tests/security/threats.md")).toBe(threatsPage(files));
  });
});

describe("namedTests", () => {
  it("reads every form of a name", () => {
    const source = [
      'it("A8 S6 refuses duplicates: %s", () => {});',
      "it(`F8 $" + "{name}: 403`, () => {});",
      '"K17 P10: no token": {},',
      'it("says \\"A1\\" in the middle", () => {});',
      'const route = "A to B";',
    ].join("\n");
    const found = namedTests(
      new Map([
        ["x.test.ts", source],
        ["x.ts", source],
      ]),
    );
    expect(found.map((test) => test.id)).toEqual(["A8", "S6", "F8", "K17", "P10"]);
  });
});
