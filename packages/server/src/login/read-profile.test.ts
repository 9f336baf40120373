import { describe, expect, it } from "vitest";
import { readProfile } from "./read-profile.ts";

const rule = {
  url: "https://api.example/me",
  id: "id",
  name: ["data", "user", 0, "name"],
  email: "email",
  emailVerified: "verified",
  picture: (answer: Readonly<Record<string, unknown>>) => `https://cdn.example/${String(answer.avatar)}.png`,
};
const full = {
  ...{ id: 7, email: "ada@example.com", verified: true, avatar: "a1" },
  data: { user: [{ name: "Ada" }] },
};

describe("a profile", () => {
  it("is read from where the rule says, by member, by path and by function", () => {
    expect(readProfile(rule, full)).toEqual({
      ...{ id: "7", name: "Ada", email: "ada@example.com", emailVerified: true },
      ...{ picture: "https://cdn.example/a1.png", raw: full },
    });
    expect(readProfile({ url: rule.url, id: "id" }, { id: "x" })).toEqual({
      ...{ id: "x", name: null, email: null, emailVerified: null, picture: null, raw: { id: "x" } },
    });
  });

  it.each([
    ["9007199254740993", "9007199254740993"],
    ['"9007199254740993"', 9007199254740993n.toString()],
    ["9007199254740991", "9007199254740991"],
    ["0", "0"],
  ])("has a text as its id: %s", (json, id) => {
    const read = readProfile(rule, JSON.parse(`{"id":${json}}`));
    // Rounded by JSON.parse to 9007199254740992, another person's.
    expect(read?.id ?? null).toBe(json === "9007199254740993" ? null : id);
  });

  it.each([undefined, null, "", 1.5, 2 ** 53, Number.NaN, true, {}, ["1"], "x".repeat(513), "\u00fc".repeat(257)])(
    "is none without a usable id (%j)",
    (id) => {
      expect(readProfile(rule, { ...full, id })).toBeNull();
    },
  );

  it("has no text of more than 512 octets, and no picture that is not at https", () => {
    const name = (text: unknown) => readProfile({ ...rule, name: "name" }, { ...full, name: text })?.name;
    expect([name("x".repeat(512)), name("x".repeat(513)), name("\u00fc".repeat(257)), name(7)]).toEqual([
      ...["x".repeat(512), null, null, null],
    ]);
    const picture = (text: unknown) => readProfile({ ...rule, picture: "p" }, { ...full, p: text })?.picture;
    expect(["https://a.example/p", "http://a.example/p", "javascript:alert(1)", "/p", 1].map(picture)).toEqual([
      ...["https://a.example/p", null, null, null, null],
    ]);
  });

  it("says true, false or nothing of its e-mail address", () => {
    const flag = (verified: unknown) => readProfile(rule, { ...full, verified })?.emailVerified;
    expect([true, "true", false, "false", undefined, "yes", 1].map(flag)).toEqual([
      ...[true, true, false, false, null, null, null],
    ]);
  });

  it("reads nothing that the answer only inherits", () => {
    expect(readProfile({ ...rule, id: "constructor" }, full)).toBeNull();
    expect(readProfile({ ...rule, id: ["data", "__proto__", "x"] }, full)).toBeNull();
  });
});
