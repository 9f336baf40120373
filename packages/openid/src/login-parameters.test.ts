import { describe, expect, it } from "vitest";
import { type LoginWishes, loginParameters } from "./index.ts";

describe("loginParameters", () => {
  it("writes what a login asks for as the provider reads it", () => {
    const wishes: LoginWishes = {
      ...{ prompt: ["login", "consent"], maxAge: 0, loginHint: "ada@tenant.example" },
      ...{ uiLocales: ["de-AT", "de"], acrValues: ["phr", "phrh"] },
    };
    expect(loginParameters(wishes)).toEqual({
      ...{ prompt: "login consent", max_age: "0", login_hint: "ada@tenant.example" },
      ...{ ui_locales: "de-AT de", acr_values: "phr phrh" },
    });
    expect(loginParameters({ prompt: "none" })).toEqual({ prompt: "none" });
    expect(loginParameters({ maxAge: undefined, uiLocales: [] })).toEqual({});
  });

  it.each([
    ["prompt", { prompt: ["none", "login"] }],
    ["maxAge", { maxAge: 1.5 }],
    ["maxAge", { maxAge: -1 }],
    ["maxAge", { maxAge: "60" }],
    ["acrValues", { acrValues: ["a b"] }],
    ["uiLocales", { uiLocales: "de" }],
  ])("refuses a wrong %s: %j", (option, wishes) => {
    expect(() => loginParameters(wishes as LoginWishes)).toThrow(expect.objectContaining({ option }));
  });
});
