import { TokenRequestError, type TokenRequestOutcome } from "@pixy/core";
import { SessionTooLargeError } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { reauthRequired } from "../errors.ts";
import { callbackFailure, callbackRefusal, withoutState } from "./callback-error.ts";

function failed(outcome: TokenRequestOutcome, retryAfter?: number): TokenRequestError {
  return new TokenRequestError("The code was not exchanged.", {
    code: outcome === "unavailable" || outcome === "unknown" ? "provider_unavailable" : "token_request_refused",
    hint: "none",
    outcome,
    retryAfter,
  });
}

describe("a callback that leads to no session", () => {
  it("is the person's to start again, with a hint for the developer and the cause", () => {
    const cause = new Error("state");
    expect(callbackRefusal("login_not_found", cause)).toMatchObject({
      code: "login_not_found",
      status: 400,
      hint: expect.stringContaining("localhost is not 127.0.0.1"),
      cause,
    });
    expect(callbackRefusal("not_found").hint).toBe("Start the login again.");
  });
});

describe("an exchange that failed", () => {
  it.each(["refused", "ended", "misconfigured"] as const)("is 400 where the provider says no: %s", (outcome) => {
    const cause = failed(outcome);
    expect(callbackFailure(cause)).toMatchObject({ code: "login_refused", status: 400, cause });
  });

  it("is 503 where it gave no answer, for as long as it asks to wait", () => {
    for (const outcome of ["unavailable", "unknown"] as const) {
      expect(callbackFailure(failed(outcome, 30))).toMatchObject({
        code: "provider_unavailable",
        status: 503,
        headers: { "retry-after": "30" },
      });
      expect(callbackFailure(failed(outcome)).headers).toMatchObject({ "retry-after": "1" });
    }
  });

  it("is the app's to mend where onLogin returns more than cookies carry", () => {
    const cause = new SessionTooLargeError("Too large.", "Keep less in the session.");
    expect(callbackFailure(cause)).toMatchObject({
      code: "login_handler_failed",
      status: 503,
      hint: "Keep less in the session.",
      cause,
    });
  });

  it("H2 tells what the provider said where no state came back", () => {
    const said = new URLSearchParams({
      error: "invalid_request",
      error_description: "Pushed Authorization Request must be used",
    });
    expect(withoutState(said)).toMatchObject({
      ...{
        code: "state_missing",
        error: "invalid_request",
        errorDescription: "Pushed Authorization Request must be used",
      },
    });
    expect(withoutState(said).message).toContain("Pushed Authorization Request must be used");
    expect(withoutState(new URLSearchParams()).message).toBe("The callback has no usable state.");
  });

  it("is itself where it is an answer already, and nobody's where it is a mistake in the code", () => {
    const answer = reauthRequired("ended");
    expect(callbackFailure(answer)).toBe(answer);
    const mistake = new TypeError("undefined is not a function");
    expect(() => callbackFailure(mistake)).toThrow(mistake);
  });
});
