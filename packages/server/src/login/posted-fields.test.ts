import { expect, it } from "vitest";
import { postedFields } from "./posted-fields.ts";

it("gives what nothing of ours reads, as plain members whatever they are called", () => {
  const form = new URLSearchParams("code=c&state=s&iss=i&error=e&error_description=d&user=1&user=2&__proto__=x");
  const fields = postedFields(form);
  expect(Object.entries(fields)).toEqual([
    ["user", "2"],
    ["__proto__", "x"],
  ]);
  expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
});
