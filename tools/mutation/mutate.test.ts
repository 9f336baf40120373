import { expect, it } from "vitest";
import { apply, mutantsOf } from "./mutate.ts";

const changes = (source: string) => mutantsOf(source).map((mutant) => apply(source, mutant));

it("changes operators, conditions and values", () => {
  expect(changes("f(a === b);")).toEqual([";", "f(a !== b);"]);
  expect(changes("const x = a < 1;")).toEqual(["const x = a <= 1;", "const x = a >= 1;", "const x = a < 2;"]);
  expect(changes("const x = !a && true;")).toEqual([
    "const x = a && true;",
    "const x = !a || true;",
    "const x = !a && false;",
  ]);
  expect(changes("if (a) b = c;")).toEqual(["if (true) b = c;", "if (false) b = c;", "if (a) ;"]);
  expect(changes("const x = /^a$/i;")).toEqual(["const x = /a$/i;", "const x = /^a/i;", "const x = /^a$/;"]);
  expect(changes("const x = list.every(f);")).toEqual(["const x = list.some(f);"]);
  expect(changes("const x = url.toString();")).toEqual([]);
});

it("leaves types, imports and words for people alone", () => {
  expect(changes('import { a } from "a";\ntype B = "c" | 1;\ninterface D { readonly e: "f" }')).toEqual([]);
  expect(changes('const x: "a" = f<"b">("Say it in words.") as "c";')).toEqual([]);
  expect(changes('throw new OwnError(a ? "b" : "c", { hint: d ? "e" : "f", code: "g" });')).toEqual([
    'throw new OwnError(a ? "b" : "c", { hint: d ? "e" : "f", code: "" });',
  ]);
  expect(changes('const x = { "a-b": "c" };')).toEqual(['const x = { "a-b": "" };']);
});
