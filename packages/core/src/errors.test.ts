import { describe, expect, it, vi } from "vitest";
import * as core from "./index.ts";

const { CallbackError, ConfigurationError, PixyError, ReauthRequiredError, TokenRequestError } = core;

describe("the errors", () => {
  const error = new ConfigurationError("wrong", { code: "invalid_option", option: "x", hint: "do y" });

  it("are recognised by class", () => {
    expect(PixyError.isInstance(error)).toBe(true);
    expect(ConfigurationError.isInstance(error)).toBe(true);
    expect(CallbackError.isInstance(error)).toBe(false);
    for (const other of [new Error("x"), { name: "ConfigurationError" }, null, undefined, "x"]) {
      expect(PixyError.isInstance(other)).toBe(false);
    }
  });

  // Two installed copies have two classes: instanceof fails between them, the brand does not.
  it("are recognised across copies of this package", async () => {
    vi.resetModules();
    const copy: typeof core = await import("./index.ts");
    expect(error).not.toBeInstanceOf(copy.ConfigurationError);
    expect(copy.ConfigurationError.isInstance(error)).toBe(true);
    expect(copy.TokenRequestError.isInstance(error)).toBe(false);
  });

  it("carry name, code, hint and cause", () => {
    const cause = new TokenRequestError("no", {
      code: "token_request_refused",
      outcome: "refused",
      hint: "h",
      error: "invalid_grant",
    });
    const reauth = new ReauthRequiredError("over", { cause });
    expect(reauth).toMatchObject({ name: "ReauthRequiredError", code: "reauth_required", message: "over", cause });
    expect(reauth.hint).not.toBe("");
    expect("cause" in error).toBe(false);
  });
});
