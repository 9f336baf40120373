import { expect, it } from "vitest";
import { coloursFor, hasColours } from "./output.ts";

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
])("on a terminal %s with %j there are colours: %s", (isTerminal, variables, expected) => {
  expect(hasColours({ isTerminal, variables })).toBe(expected);
  const text = coloursFor({ isTerminal, variables }).red("no");
  expect(text).toBe(expected ? "\u001b[31mno\u001b[0m" : "no");
});
