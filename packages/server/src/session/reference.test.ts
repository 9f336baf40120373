import { describe, expect, it } from "vitest";
import { moment, remembered } from "../../test/content.ts";
import { type PackedReference, packReference, type Reference, unpackReference } from "./reference.ts";

const reference: Reference<unknown> = {
  ...{ id: "A".repeat(43), clientId: "client", owner: "ada", account: null, line: "line" },
  ...{ data: { name: "Ada" }, asked: ["a"], createdAt: moment, ...remembered },
};
const throughJson = (packed: PackedReference): PackedReference => JSON.parse(JSON.stringify(packed));

describe("the sealed form of a reference", () => {
  it.each([reference, { ...reference, data: undefined, account: "work", tokenEndpoint: "https://as.example/token" }])(
    "is read as it was written, and frozen",
    (each) => {
      const read = unpackReference(throughJson(packReference(each)), remembered);
      expect(read).toEqual(each);
      expect(Object.isFrozen(read)).toBe(true);
    },
  );

  it.each([{ v: 2 }, { i: "short" }, { c: 7 }, { b: 1.5 }, { o: "ada" }, { o: [7, null, "line"] }, { q: "a" }])(
    "is not read where it is another: %j",
    (change) => {
      const packed = { ...packReference(reference), ...change } as unknown as PackedReference;
      expect(unpackReference(packed, remembered)).toBeNull();
    },
  );
});
