import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GrantName, grantKey, nameOf, ownerKey, readName, readOwner, tuple, wordsOf } from "./grant-name.ts";

const refusal = (option: string, hint: RegExp) =>
  expect.objectContaining({ code: "invalid_option", option, message: expect.stringMatching(hint) });

describe("the name of a grant", () => {
  it("needs an owner only where there is one provider", () => {
    expect(readName({ owner: "ada" }, ["spotify"])).toEqual({ owner: "ada", provider: "spotify", account: null });
    const full = { owner: "ada", provider: "box", account: "work" };
    expect(readName(full, ["spotify", "box"])).toEqual(full);
  });

  it.each([
    [{ owner: undefined }, "owner", /of type undefined.*logged in/],
    [{ owner: null }, "owner", /is null/],
    [{ owner: "" }, "owner", /is empty/],
    [{ owner: 42 }, "owner", /Give String\(42\)/],
    [{ owner: "a\ud800" }, "owner", /no valid text/],
    [{ owner: "a".repeat(1025) }, "owner", /1,024/],
    [{ owner: "ada", provider: undefined }, "provider", /spotify/],
    [{ owner: "ada", provider: "box" }, "provider", /spotify/],
    [{ owner: "ada", account: undefined }, "account", /leave `account` out/],
    [{ owner: "ada", account: "" }, "account", /as text/],
    [{ owner: "ada", user: "x" }, "user", /owner, a provider and an account/],
    [null, "name", /owner: "user-42"/],
    ["ada", "name", /Give an object/],
  ])("%j is refused, and told what to write", (name, option, hint) => {
    expect(() => readName(name as unknown as GrantName, ["spotify"])).toThrow(refusal(option, hint));
  });

  it("names its provider where there are several", () => {
    expect(() => readName({ owner: "ada" }, ["spotify", "box"])).toThrow(refusal("provider", /spotify, box/));
  });

  it("is a key that no two names share, whatever is in them", async () => {
    const text = fc.oneof(fc.constantFrom("a", "1:a", "a1:", "0:", ""), fc.string({ maxLength: 4 }));
    const list = fc.array(text, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        expect(tuple(one) === tuple(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    const names = [
      { owner: "a", provider: "p", account: null },
      { owner: "a", provider: "p", account: "b" },
      { owner: "ab", provider: "p", account: null },
      { owner: "a", provider: "pa", account: null },
    ];
    const keys = await Promise.all([
      ...names.map((name) => grantKey("app", name)),
      ...names.map((name) => grantKey("appp", name)),
      ownerKey("app", "a"),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => /^[\w-]{43}$/.test(key))).toBe(true);
  });

  it("reads in words, however long it is", () => {
    const name = { owner: "ada", provider: "spotify", account: "work", more: 1 };
    expect([wordsOf(name), nameOf(name)]).toEqual([
      'grant of "ada" at spotify for the account "work"',
      { owner: "ada", provider: "spotify", account: "work" },
    ]);
    expect(wordsOf({ ...name, owner: "a".repeat(1000), account: null })).toHaveLength(87);
    expect(readOwner("ada")).toBe("ada");
  });
});
