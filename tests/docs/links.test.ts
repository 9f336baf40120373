import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { trackedFiles } from "../lib/tracked-files.ts";
import { anchorOf, headingsOf, proseOf } from "./markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = new Map([...trackedFiles(root)].filter(([path]) => path.endsWith(".md")));

/** The targets of links and images, without code. */
function targetsOf(text: string): string[] {
  const prose = proseOf(text).replace(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)/g)];
  const html = [...prose.matchAll(/\b(?:src|href)="([^"]+)"/g)];
  return [...inline, ...html].map((match) => match[1] ?? "");
}

/** What is wrong with a link, or `null`. */
function problemOf(page: string, target: string): string | null {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return null;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : posix.normalize(posix.join(posix.dirname(page), decodeURIComponent(path)));
  if (file.startsWith("..") || !existsSync(join(root, file))) return `${target}: there is no such file`;
  if (anchor === undefined) return null;
  // Lines of a source file are not anchors of a heading.
  if (statSync(join(root, file)).isDirectory() || !file.endsWith(".md")) return `${target}: not a page with headings`;
  const anchors = headingsOf(pages.get(file) ?? "").map(anchorOf);
  return anchors.includes(anchor) ? null : `${target}: there is no such heading`;
}

/** Numbers of RFCs that a page names and never links. */
function unlinkedStandards(text: string): string[] {
  const prose = proseOf(text);
  const numbersAt = (pattern: RegExp) => new Set([...prose.matchAll(pattern)].map(([, number = ""]) => number));
  const linked = numbersAt(/\(https:\/\/www\.rfc-editor\.org\/rfc\/rfc(\d+)/g);
  return [...numbersAt(/\bRFC (\d+)\b/g)].filter((number) => !linked.has(number));
}

describe("links between our pages", () => {
  it("lead to files and headings that exist", () => {
    const found = [...pages].flatMap(([page, text]) => targetsOf(text).map((target) => ({ page, target })));
    expect(found.length).toBeGreaterThan(50);
    expect(
      found.flatMap(({ page, target }) => {
        const problem = problemOf(page, target);
        return problem === null ? [] : [`${page}: ${problem}`];
      }),
    ).toEqual([]);
  });

  it("are checked: a missing file and a missing heading are found", () => {
    expect(problemOf("docs/errors.md", "nowhere.md")).toContain("no such file");
    expect(problemOf("docs/errors.md", "../nowhere/")).toContain("no such file");
    expect(problemOf("docs/scaling.md", "errors.md#nothing")).toContain("no such heading");
    expect(problemOf("docs/scaling.md", "errors.md#login_required")).toBeNull();
    expect(targetsOf("see [a](b.md#c), ![d](e.png)\n```\n[x](y)\n```\n`[x](z)`")).toEqual(["b.md#c", "e.png"]);
  });

  it("lead to each RFC that a page names", () => {
    const read = [...pages].filter(([page]) =>
      /^(README|SECURITY|CONTRIBUTING|docs\/|packages\/\w+\/README)/.test(page),
    );
    const found = read.flatMap(([page, text]) => unlinkedStandards(text).map((number) => `${page}: RFC ${number}`));
    expect(found).toEqual([]);
    expect(unlinkedStandards("RFC 1 and [RFC 2 section 3](https://www.rfc-editor.org/rfc/rfc2#section-3)")).toEqual([
      "1",
    ]);
  });
});
