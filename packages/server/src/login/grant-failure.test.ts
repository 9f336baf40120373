import { ConfigurationError } from "@pixy/core";
import { GrantError, type GrantErrorCode, StoreFullError } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { storeUnavailable } from "../errors.ts";
import { grantFailure } from "./grant-failure.ts";

const grantError = (code: GrantErrorCode) => new GrantError(code, { code, hint: "" });

describe("a grant that could not be kept", () => {
  it.each([
    ["account_taken", "connect_refused", 403],
    ["another_account", "connect_refused", 403],
    ["store_unavailable", "store_unavailable", 503],
    ["grant_not_found", "login_required", 401],
    ["unknown_secret", "login_handler_failed", 503],
  ] as const)("as %s is %s with %i", (code, expected, status) => {
    const cause = grantError(code);
    expect(grantFailure(cause, "login")).toMatchObject({ code: expected, status });
  });

  it("is what it was, where that is an answer already; and a full store says so", () => {
    const before = storeUnavailable(null);
    expect(grantFailure(before, "login")).toBe(before);
    expect(grantFailure(new StoreFullError(), "login")).toMatchObject({ code: "store_full" });
  });

  it("by a mistake says what to write, and what came to nothing", () => {
    const mistake = new ConfigurationError("Give the owner.", { code: "invalid_option", option: "owner", hint: "" });
    expect(grantFailure(mistake, "login").hint).toBe("Give the owner. See the cause. The person is not logged in.");
    expect(grantFailure(new Error("x"), "connect")).toMatchObject({
      ...{
        code: "login_handler_failed",
        message: "The account could not be connected.",
        headers: { "retry-after": "1" },
      },
      hint: "accountOf threw, or the grant could not be kept. See the cause. Nothing was connected.",
    });
  });
});
