import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { corpusFile, readCorpus } from "./corpus.ts";
import { targets } from "./targets.ts";

// Few and always the same, after all of the saved corpus: a long run with other seeds is
// `npx -y pnpm@12 check fuzz --runs 100000`.
describe("strangers' input", () => {
  for (const target of targets) {
    it(target.name, async () => {
      const { failure } = await target.run({ runs: 300, seed: 20_261_123 });
      expect(failure).toBeNull();
    });
  }
});

it("has a saved corpus for every target, with a reason for each input, and none without a target", () => {
  const files = targets.map(({ name }) => corpusFile(name).pathname.split("/").at(-1));
  expect(readdirSync(new URL("corpus/", import.meta.url)).sort()).toEqual(files.sort());
  for (const { name } of targets) {
    const entries = readCorpus(name);
    expect(entries.length).toBeGreaterThan(0);
    for (const { why } of entries) expect(why).toMatch(/\S{2}/);
  }
});
