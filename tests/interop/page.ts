import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const path = new URL("README.md", import.meta.url);

/** Holds a part of tests/interop/README.md to what the run has found; with UPDATE=1 it is written. */
export function expectOnPage(part: string, found: string): void {
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- ${part}: written by the run -->`, `<!-- ${part}: end -->`];
  const [before = "", after = ""] = [text.split(begin)[0], text.split(end)[1]];
  const wanted = `${before}${begin}\n\n${found}\n\n${end}${after}`;
  if (process.env.UPDATE === "1") writeFileSync(path, wanted);
  else expect(text).toBe(wanted);
}
