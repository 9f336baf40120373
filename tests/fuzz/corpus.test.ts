import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromJson, readCorpus, saveToCorpus, toJson } from "./corpus.ts";
import { filled, target } from "./target.ts";

let folder: URL;
beforeEach(() => {
  folder = pathToFileURL(`${mkdtempSync(`${tmpdir()}/corpus-`)}/`);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a saved input", () => {
  it("is what it was: also bytes, half surrogate pairs, and numbers that JSON does not have", () => {
    for (const input of [
      ...[undefined, null, Number.NaN, -0, Number.NEGATIVE_INFINITY, 1.5, "\ud800", "", true, [], {}],
      ...[new Uint8Array([0, 255]), [{ a: undefined }, "b"], JSON.parse('{"__proto__":{"a":1}}')],
      ...["a".repeat(16_385), `code=${"\ud83d\ude00".repeat(99)}&${"\n".repeat(300)}x`, "ab".repeat(400)],
    ]) {
      expect(fromJson(JSON.parse(JSON.stringify(toJson(input))))).toStrictEqual(input);
    }
  });

  it("is written short when it repeats itself", () => {
    expect(toJson(`code=${"a".repeat(16_385)}&b`)).toEqual({ $text: ["code=", ["a", 16_385], "&b"] });
  });

  it("is kept once, in the order of the finds", () => {
    for (const input of ["a", "b", "a"]) saveToCorpus("Some target", { why: `found ${input}`, input }, folder);
    expect(readCorpus("Some target", folder).map(({ why }) => why)).toEqual(["found a", "found b"]);
    expect(readCorpus("another", folder)).toEqual([]);
  });

  it("is tried before new ones, and the smallest that breaks a promise can be saved", async () => {
    const seen: string[] = [];
    const breakable = target("t", fc.string(), (text) => {
      seen.push(text);
      if (text.includes("x")) throw new Error("an x");
    });
    const corpus = [{ why: "first", input: "1" }];
    const first = await breakable.run({ runs: 100_000, seed: 1, corpus });
    expect(seen[0]).toBe("1");
    expect(first.found).toEqual({ why: "an x (seed 1)", input: "x" });
    saveToCorpus("t", first.found ?? { why: "", input: "" }, folder);
    const again = await breakable.run({ runs: 100_000, seed: 2, corpus: readCorpus("t", folder) });
    expect(again).toMatchObject({ runs: 0, corpus: 1, found: { input: "x" } });
  });
});

it("a long run can be interrupted, and says how far it came", async () => {
  const stop = new AbortController();
  const told: number[] = [];
  const endless = target("t", fc.nat(), () => {});
  const report = await endless.run({
    ...{ runs: 2 ** 40, seed: 1, corpus: [], signal: stop.signal },
    onProgress: (done) => {
      told.push(done);
      if (told.length === 2) stop.abort();
    },
  });
  expect(report).toMatchObject({ interrupted: true, failure: null, runs: told[1] });
});

it("an input means the same in every process", () => {
  expect(filled("a={state}&b={unknown}", { state: "S" })).toBe("a=S&b={unknown}");
});
