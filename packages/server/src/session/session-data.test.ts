import { ConfigurationError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { readSessionData } from "./session-data.ts";

class Money {
  readonly amount = 1;
  toJSON(): string {
    return "1 EUR";
  }
}

class Person {
  readonly name = "Ada";
}

const circle: { self?: unknown } = {};
circle.self = { again: [circle] };
const shared = { a: 1 };

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

describe("the data of a session", () => {
  it.each([
    ["text, numbers, booleans, null", { text: "a", number: -1.5, yes: true, none: null }],
    ["lists and objects", { list: [1, ["a", { b: [] }]], empty: {} }],
    ["the same object in two places", [shared, shared]],
    ["a member called __proto__", JSON.parse('{"__proto__":{"a":1}}')],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
    ["100 levels", nested(100)],
    ["no object", "text"],
    ["null", null],
  ])("keeps %s, in a copy that JSON does not change", (_what, data) => {
    const kept = readSessionData(data);
    expect(kept).toEqual(data);
    expect(JSON.stringify(kept)).toBe(JSON.stringify(data));
    if (typeof data === "object" && data !== null) expect(kept).not.toBe(data);
  });

  it("leaves out members that are undefined", () => {
    const kept = readSessionData({ a: 1, b: undefined, c: [{ d: undefined }] });
    expect(Object.keys(kept)).toEqual(["a", "c"]);
    expect(kept.c.map(Object.keys)).toEqual([[]]);
    expect(readSessionData(undefined)).toBeUndefined();
  });

  it("keeps the members of an instance that asks for no other form", () => {
    expect(readSessionData({ person: new Person() })).toEqual({ person: { name: "Ada" } });
  });

  it.each([
    [{ user: { createdAt: new Date(0) } }, "data.user.createdAt is a Date."],
    [{ ids: [1, 2n] }, "data.ids[1] is a bigint."],
    [{ n: Number.NaN }, "data.n is NaN."],
    [{ n: Number.NEGATIVE_INFINITY }, "data.n is -Infinity."],
    [new Map([["a", 1]]), "data is a Map."],
    [{ roles: new Set() }, "data.roles is a Set."],
    [{ run: () => 1 }, "data.run is a function."],
    [{ mark: Symbol("mark") }, "data.mark is a symbol."],
    [{ price: new Money() }, "data.price is a Money."],
    [{ own: { toJSON: () => 1 } }, "data.own is an object with toJSON."],
    [{ page: new URL("https://app.example") }, "data.page is a URL."],
    [{ later: Promise.resolve(1) }, "data.later is a Promise."],
    [{ bytes: new Uint8Array(1) }, "data.bytes is a Uint8Array."],
    [{ pattern: /a/ }, "data.pattern is a RegExp."],
    [{ failure: new TypeError("a") }, "data.failure is a TypeError."],
    [{ boxed: Object(1n) }, "data.boxed is a BigInt."],
    [{ list: [1, undefined] }, "data.list[1] is undefined."],
    // biome-ignore lint/suspicious/noSparseArray: that is what is refused.
    [{ list: [1, , 3] }, "data.list[1] is undefined."],
    [{ "a key": { "": new Date(0) } }, 'data["a key"][""] is a Date.'],
    [circle, "data.self.again[0] contains itself."],
    [nested(101), `data${"[0]".repeat(65)}[… lies deeper than 100 levels.`],
  ])("refuses what JSON would lose or change, and says where (%#)", (data, message) => {
    const read = () => readSessionData<unknown>(data);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code: "invalid_option", option: "data" }));
    expect(read).toThrow(expect.toSatisfy(ConfigurationError.isInstance));
  });
});
