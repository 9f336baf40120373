import { describe, expect, it } from "vitest";
import { settingsWith } from "../../test/settings.ts";
import { readLoginOptions } from "./login-options.ts";

describe("what server code asks of a login", () => {
  it("is taken as it comes, with a path below the app's own", () => {
    const settings = settingsWith({ baseUrl: "https://app.example/shop" });
    const scope = ["a"];
    expect(readLoginOptions(settings, { scope, returnTo: "/cart?x=1" })).toEqual({ scope, returnTo: "/shop/cart?x=1" });
    expect(readLoginOptions(settings).returnTo).toBeUndefined();
  });

  it.each(["https://evil.example/", "//evil.example", "", "me"])("leads to no other place: %j", (returnTo) => {
    expect(() => readLoginOptions(settingsWith(), { returnTo })).toThrow(
      expect.objectContaining({ name: "ConfigurationError", option: "returnTo" }),
    );
  });

  it("has no member that nobody would read", () => {
    expect(() => readLoginOptions(settingsWith(), { returnto: "/" } as never)).toThrow(/returnto/);
  });
});
