import { expect, it } from "vitest";
import { type Report, scoresOf, survivorsOf, withKilled } from "./score.ts";

const source = "const a = 1;\nif (a === b) {\n  stop();\n}\n";
const place = (line: number, column: number) => ({ line, column });
const mutant = (status: string, start: readonly [number, number], end: readonly [number, number]) => ({
  ...{ status, replacement: "{}", location: { start: place(...start), end: place(...end) } },
});

it("counts what was judged, and shows what survived in the order of the lines", () => {
  const report: Report = {
    files: {
      "a.ts": {
        source,
        mutants: [
          ...[mutant("Survived", [2, 14], [4, 2]), mutant("NoCoverage", [1, 11], [1, 12])],
          ...[mutant("Killed", [2, 5], [2, 12]), mutant("Timeout", [2, 5], [2, 12])],
          ...[mutant("Ignored", [1, 1], [1, 2]), mutant("RuntimeError", [1, 1], [1, 2])],
        ],
      },
    },
  };
  expect(scoresOf(report)).toEqual([
    {
      ...{ file: "a.ts", mutants: 4, killed: 2 },
      survivors: [
        { line: 1, change: "1 → {}" },
        { line: 2, change: "{ stop(); } → {}" },
      ],
    },
  ]);
});

it("shows of a long change the part that is another one", () => {
  const long = `"${"a".repeat(200)}"`;
  const other = `"${"a".repeat(150)}b${"a".repeat(49)}"`;
  const mutants = [{ ...mutant("Survived", [1, 1], [1, 203]), replacement: other }];
  const [score] = scoresOf({ files: { "a.ts": { source: long, mutants } } });
  expect(score?.survivors[0]?.change).toBe(`…${"a".repeat(79)}… → …${"a".repeat(30)}b${"a".repeat(48)}…`);
});

it("asks again about what survived, at its place as Stryker takes it, and believes whoever noticed it", () => {
  const report = (...mutants: Report["files"][string]["mutants"]): Report => ({
    files: { "a.ts": { source, mutants } },
  });
  const [first, second] = [mutant("Survived", [2, 14], [4, 2]), mutant("NoCoverage", [1, 11], [1, 12])];
  const asked = report(first, second, mutant("Killed", [2, 5], [2, 12]));
  expect(survivorsOf(asked)).toEqual(["a.ts:2:13-4:1", "a.ts:1:10-1:11"]);
  const again = report({ ...first, status: "Survived" }, { ...second, status: "Timeout" });
  expect(scoresOf(withKilled(asked, again))[0]).toMatchObject({ mutants: 3, killed: 2, survivors: [{ line: 2 }] });
});
