import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { weigh, weightPage } from "./weight.ts";

/** The figures of a page, in kB, by what an app gets for them. */
function rowsOf(page: string): Map<string, readonly number[]> {
  const rows = [...page.matchAll(/^\| (.*) \| ([\d.]+) \| ([\d.]+) \|$/gm)];
  return new Map(rows.map(([, what = "", minified, gzipped]) => [what, [Number(minified), Number(gzipped)]]));
}

it("every part of a bundle is somebody's, and weighs about what the page says (written by: npx -y pnpm@12 write weight)", async () => {
  const page = rowsOf(readFileSync(fileURLToPath(new URL("../../bench/weight.md", import.meta.url)), "utf8"));
  const now = rowsOf(weightPage(await weigh()));
  expect([...page.keys()].sort()).toEqual([...now.keys()].sort());
  // A change of a line is no reason to write the page anew.
  const isStale = (what: string) => now.get(what)?.some((kB, at) => Math.abs(kB - (page.get(what)?.[at] ?? 0)) > 0.5);
  expect([...now.keys()].filter(isStale)).toEqual([]);
});
