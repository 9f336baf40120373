import { describe, expect, it } from "vitest";
import { hasDuplicateMembers } from "./duplicate-members.ts";

describe("hasDuplicateMembers", () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":2}}',
    '{"a":[{"b":1,"b":2}]}',
    '{"a":1,"\\u0061":2}',
    '{ "a" : 1 , "a" : 2 }',
    '{"__proto__":1,"__proto__":2}',
    '{"a\\"":1,"a\\"":2}',
  ])("tells of %s", (json) => {
    expect(hasDuplicateMembers(json)).toBe(true);
  });

  it.each([
    '{"a":"a","b":"b"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":["a","a"],"b":"a"}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":",","b":"\\\\","c":"\\""}',
    "{}",
  ])("finds none in %s", (json) => {
    expect(hasDuplicateMembers(json)).toBe(false);
  });
});
