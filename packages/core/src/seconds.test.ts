import { expect, it } from "vitest";
import { readSeconds } from "./seconds.ts";

it.each([
  [60, 60],
  ["60", 60],
  [1.9, 1],
  [0, null],
  ["0", null],
  [-1, null],
  ["-1", null],
  [1e11, null],
  ["1e3", null],
  [Number.NaN, null],
  [true, null],
])("reads %j as %j seconds", (value, seconds) => {
  expect(readSeconds(value)).toBe(seconds);
});
