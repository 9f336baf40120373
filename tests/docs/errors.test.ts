import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";
import { anchorOf, headingsOf } from "./markdown.ts";

const files = trackedFiles(fileURLToPath(new URL("../..", import.meta.url)));
const page = files.get("docs/errors.md") ?? "";

/** The codes that the sources of packages and examples can give, and where each was found. */
function codesInSources(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const [path, text] of files) {
    if (
      !/^(packages|examples)\/.*\.tsx?$/.test(path) ||
      /\.test\.ts$|^packages\/testing\/|\/(test|scripts)\//.test(path)
    ) {
      continue;
    }
    // Where a helper takes the code as a parameter, the union of its type has it.
    const unions = [...text.matchAll(/^export type \w+ErrorCode =((?:\s*\|?\s*"\w+")+);/gm)].map(
      (match) => match[1] ?? "",
    );
    const literals = [...text.matchAll(/\bcode: ("\w+")/g)].map((match) => match[1] ?? "");
    for (const found of [...unions, ...literals]) {
      for (const [, code = ""] of found.matchAll(/"(\w+)"/g)) codes.set(code, path);
    }
  }
  return codes;
}

/** The codes that the page has an entry for: headings that are one word in backticks. */
function codesOnPage(): string[] {
  return headingsOf(page).flatMap((heading) => /^`([a-z_]+)`$/.exec(heading)?.[1] ?? []);
}

describe("docs/errors.md", () => {
  it("has an entry for every code", () => {
    const documented = new Set(codesOnPage());
    const found = codesInSources();
    expect(found.size).toBeGreaterThan(50);
    expect([...found].filter(([code]) => !documented.has(code))).toEqual([]);
  });

  it("has no entry without a code", () => {
    const found = codesInSources();
    expect(codesOnPage().filter((code) => !found.has(code))).toEqual([]);
  });

  it("has one entry for each code, with an anchor that is the code", () => {
    const codes = codesOnPage();
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.map((code) => anchorOf(`\`${code}\``))).toEqual(codes);
  });

  it("says in every entry who failed and what to do", () => {
    const entries = page.split(/^### /m).slice(1);
    const silent = entries.filter((entry) => !entry.includes("**Who:**") || !entry.includes("**Do:**"));
    expect(silent.map((entry) => entry.split("\n")[0])).toEqual([]);
  });
});
