import { describe, expect, it } from "vitest";
import { checkFunctions, checkMembers } from "./members.ts";

const known = { idle: 1, absolute: 1 } as const;

describe("checkMembers", () => {
  it("takes any of the members, and none", () => {
    for (const value of [{}, { idle: 900 }, { absolute: undefined, idle: 1 }, Object.freeze({ idle: 1 })]) {
      expect(() => checkMembers("session", value, known)).not.toThrow();
    }
  });

  it.each(["session", ""])("names a member that there is not, below %j, and lists those that there are", (path) => {
    const option = path ? "session.idel" : "idel";
    expect(() => checkMembers(path, { idle: 1, idel: 900 }, known)).toThrow(
      expect.objectContaining({
        code: "invalid_option",
        option,
        hint: "There is no such option. The options are: idle, absolute.",
        message: `The option ${option} cannot be used. There is no such option. The options are: idle, absolute.`,
      }),
    );
  });

  it.each(["constructor", "__proto__", "toString"])("takes no %s", (name) => {
    const value = JSON.parse(`{"${name}":1}`) as unknown;
    expect(() => checkMembers("", value, known)).toThrow(expect.objectContaining({ option: name }));
  });

  it.each([[900], ["idle"], [null], [undefined], [[]], [() => 1]])("wants an object, not %s", (value) => {
    const hint = "Give an object with idle, absolute.";
    expect(() => checkMembers("session", value, known)).toThrow(expect.objectContaining({ option: "session", hint }));
    expect(() => checkMembers("", value, known)).toThrow(expect.objectContaining({ option: "options", hint }));
  });
});

describe("checkFunctions", () => {
  it("takes functions, and what is left out", () => {
    const value = { onEvent: () => {}, onError: undefined, fetch: null, name: "other" };
    expect(() => checkFunctions("", value, ["onEvent", "onError", "fetch", "now"])).not.toThrow();
  });

  it.each([["console"], [{}], [5], [true], [false], [""]])("refuses %j, by its name", (given) => {
    const option = "answer.error";
    const expected = expect.objectContaining({
      code: "invalid_option",
      option,
      hint: "Give a function, or leave it out.",
    });
    expect(() => checkFunctions("answer", { tokens: () => {}, error: given }, ["tokens", "error"])).toThrow(expected);
  });
});
