import { ConfigurationError, PixyError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import {
  insufficientScope,
  loginRequired,
  providerUnavailable,
  RequestError,
  reauthRequired,
  refreshNeeded,
  storeUnavailable,
} from "./errors.ts";

describe("RequestError", () => {
  it("is told by its name, also from another copy of this package, and is no other error", () => {
    const error = loginRequired();
    expect([RequestError.isInstance(error), PixyError.isInstance(error)]).toEqual([true, true]);
    const others = [
      new Error("x"),
      new ConfigurationError("x", { code: "invalid_option", option: "x", hint: "x" }),
      null,
    ];
    for (const other of others) expect(RequestError.isInstance(other)).toBe(false);
  });

  it("carries an answer that a framework's own error handler can send", () => {
    const error = new RequestError("No.", { code: "not_found", status: 404, hint: "x", headers: { allow: "GET" } });
    expect(error).toMatchObject({
      status: 404,
      expose: true,
      headers: { "cache-control": "private, no-store", allow: "GET" },
    });
  });

  it("says 401 and how to log in where nobody is logged in any more (RFC 6750 section 3)", () => {
    expect(loginRequired()).toMatchObject({ code: "login_required", status: 401 });
    expect(loginRequired().headers["www-authenticate"]).toBe('Bearer realm="login"');
    expect(reauthRequired("ended")).toMatchObject({ code: "reauth_required", status: 401 });
    expect(reauthRequired("refused").headers["www-authenticate"]).toContain('error="invalid_token"');
    expect(reauthRequired("no refresh token").hint).toContain("offline_access");
    expect(reauthRequired("no refresh token").hint).not.toContain("no longer works");
  });

  it("names the scope that is missing (RFC 6750 section 3.1)", () => {
    const error = insufficientScope(["a", "b"]);
    expect(error.status).toBe(403);
    expect(error.headers["www-authenticate"]).toContain('error="insufficient_scope", scope="a b"');
  });

  it("says in whole seconds when to come back, at least one", () => {
    const seconds = [0, 1, 1_000, 1_001, 30_000].map((wait) => providerUnavailable(wait).headers["retry-after"]);
    expect(seconds).toEqual(["1", "1", "1", "2", "30"]);
    for (const error of [storeUnavailable(new Error("away")), refreshNeeded("/shop/login/refresh")]) {
      expect([error.status, error.headers["retry-after"]]).toEqual([503, "1"]);
    }
  });

  it("names the app's own refresh route", () => {
    expect(refreshNeeded("/shop/login/refresh").hint).toContain("Redirect to /shop/login/refresh?returnTo=…,");
  });

  it("keeps its cause for the log", () => {
    const cause = new Error("away");
    for (const error of [reauthRequired("ended", cause), providerUnavailable(1, cause), storeUnavailable(cause)]) {
      expect(error.cause).toBe(cause);
    }
  });
});
