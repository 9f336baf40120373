import { describe, expect, it } from "vitest";
import { mediaType, objectOf, parseJson, readText } from "./response-body.ts";

/** A response that gives these pieces one at a time, and tells whether somebody gave it back. */
function inPieces(...pieces: readonly (readonly number[])[]) {
  const state = { isCancelled: false, left: pieces.map((piece) => Uint8Array.from(piece)) };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = state.left.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { response: new Response(body), state };
}

describe("readText", () => {
  it("gives an empty text for no body", async () => {
    expect(await readText(new Response(null), 10)).toBe("");
  });

  it("puts a letter together whose bytes come apart", async () => {
    expect(await readText(inPieces([0x67, 0xc3], [0xbc, 0x6e]).response, 10)).toBe("gün");
  });

  it("keeps a byte order mark", async () => {
    expect(await readText(inPieces([0xef, 0xbb, 0xbf, 0x7b]).response, 10)).toBe("\ufeff{");
  });

  it.each([
    ["in the middle", [[0x61, 0xff, 0x61]]],
    ["in the first of two pieces", [[0xff], [0x61]]],
    ["at the end, where half a letter stands", [[0x61, 0xc3]]],
  ])("marks what is no UTF-8 %s", async (_where, pieces) => {
    expect(await readText(inPieces(...pieces).response, 10)).toMatch(/^a?\ufffda?$/);
  });

  it("reads up to the limit, and gives the connection back beyond it", async () => {
    expect(await readText(inPieces([0x61, 0x61], [0x61]).response, 3)).toBe("aaa");
    const large = inPieces([0x61, 0x61], [0x61, 0x61], [0x61], [0x61]);
    expect(await readText(large.response, 3)).toBeNull();
    expect(large.state.isCancelled).toBe(true);
  });
});

describe("parseJson and objectOf", () => {
  it("read an object", () => {
    expect(objectOf(parseJson('{"a":{"b":1}}'))).toEqual({ a: { b: 1 } });
  });

  it.each(["[]", "null", "1", '"text"', "true", "0", '""'])("know %j as JSON and as no object", (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(objectOf(parseJson(text))).toBeNull();
  });

  it.each(["{", "", "\uFEFF{}", null])("give nothing for %j", (text) => {
    expect(parseJson(text)).toBeUndefined();
    expect(objectOf(undefined)).toBeNull();
  });
});

it.each([
  ["Text/HTML ; charset=utf-8", "text/html"],
  ["application/json", "application/json"],
  ["", ""],
])("mediaType reads %j as %j", (header, type) => {
  expect(mediaType(new Response(null, { headers: { "Content-Type": header } }))).toBe(type);
});

it("mediaType is empty for no header", () => {
  expect(mediaType(new Response(null))).toBe("");
});
