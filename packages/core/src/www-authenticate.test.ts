import { describe, expect, it } from "vitest";
import { parseWwwAuthenticate } from "./index.ts";

const read = (header: string | null): unknown =>
  parseWwwAuthenticate(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe("parseWwwAuthenticate", () => {
  it.each([
    [null, []],
    ["", []],
    ["Bearer", [["bearer", {}]]],
    ['BEARER Error="invalid_token"', [["bearer", { error: "invalid_token" }]]],
    [
      'Basic realm="a, b", Bearer realm=x , error="invalid_token"',
      [
        ["basic", { realm: "a, b" }],
        ["bearer", { realm: "x", error: "invalid_token" }],
      ],
    ],
    ['Bearer error\t=  "a b"', [["bearer", { error: "a b" }]]],
    ['Bearer error="a", error="b"', [["bearer", { error: "a" }]]],
    ['Bearer error_description="a \\"quoted\\" word"', [["bearer", { error_description: 'a "quoted" word' }]]],
    ['Bearer error="unterminated', [["bearer", { error: "" }]]],
    ["error=x", []],
  ])("B7 reads %j", (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  // Counted in work, not in time: what follows the first 8,192 characters is not looked at.
  it.each(["a ", 'a="', "a=\\", '"', ",", " ", 'Bearer x="\\', "a=b,"])("B7 survives 100 kB of %j", (piece) => {
    expect(parseWwwAuthenticate(piece.repeat(100_000 / piece.length)).length).toBeLessThanOrEqual(8192);
  });
});
