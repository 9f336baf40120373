import { describe, expect, it } from "vitest";
import { failure, fine, inTime, reasonOf, warning } from "./finding.ts";

describe("a finding", () => {
  it("has what to change where something is wrong", () => {
    expect(fine("code", "Good.")).toEqual({ level: "fine", code: "code", message: "Good." });
    expect(warning("code", "Odd.", "Do.")).toEqual({ level: "warning", code: "code", message: "Odd.", hint: "Do." });
    expect(failure("code", "Bad.", "Do.")).toEqual({ level: "failure", code: "code", message: "Bad.", hint: "Do." });
  });
});

describe("reasonOf", () => {
  it.each([
    [new Error("Connection is closed."), "Connection is closed"],
    [new TypeError("fetch failed", { cause: new Error("self-signed certificate") }), "self-signed certificate"],
    [new TypeError("fetch failed", { cause: { code: "ECONNREFUSED", message: "" } }), "ECONNREFUSED"],
    ["nothing", "nothing"],
    [null, "null"],
  ])("says what is behind %s", (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });

  it("keeps a password to itself", () => {
    expect(reasonOf(new Error("cannot reach redis://user:hunter2@db:6379"))).toBe(
      "cannot reach redis://[redacted]@db:6379",
    );
  });
});

describe("inTime", () => {
  it("hands through what ends", async () => {
    await expect(inTime(Promise.resolve(1))).resolves.toBe(1);
    await expect(inTime(Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
