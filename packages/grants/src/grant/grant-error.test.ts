import { PixyError } from "@pixy/core";
import { describe, expect, it } from "vitest";
import { GrantError, grantNotFound, grantUnreadable, storeUnavailable, unknownSecret } from "./grant-error.ts";

describe("an error about a grant", () => {
  it("says which grant, and what to write", () => {
    expect(grantNotFound("grant of ada")).toMatchObject({
      code: "grant_not_found",
      message: "There is no grant of ada.",
    });
    expect(unknownSecret("grant", "redis").hint).toMatch(
      /secret: \[current, \.\.\.previous\].*same redis store.*`name`/,
    );
    expect(grantUnreadable("grant", "tampered").message).toBe("The grant cannot be opened: tampered.");
    const cause = new Error("ECONNREFUSED");
    expect(storeUnavailable(cause)).toMatchObject({ code: "store_unavailable", cause });
  });

  it("is known by its name where this module was loaded twice", () => {
    expect([GrantError.isInstance(grantNotFound("it")), PixyError.isInstance(grantNotFound("it"))]).toEqual([
      true,
      true,
    ]);
    expect(GrantError.isInstance(new Error("grant"))).toBe(false);
  });
});
