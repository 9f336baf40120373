import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { weigh, weightPage } from "./weight.ts";

it("every part of a bundle is somebody's, and the page has them (written by: npx -y pnpm@12 write weight)", async () => {
  const weights = await weigh();
  for (const { what, minified, gzipped } of weights)
    expect([what, minified > 0, gzipped > 0]).toEqual([what, true, true]);
  const page = readFileSync(fileURLToPath(new URL("../../bench/weight.md", import.meta.url)), "utf8");
  const parts = (text: string) => text.split("\n").flatMap((line) => /^\| (.*) \| +[\d.]+ \|/.exec(line)?.[1] ?? []);
  expect(parts(page).sort()).toEqual(parts(weightPage(weights)).sort());
});
