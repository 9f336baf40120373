import { expect, it } from "vitest";
import { RefusedLogin } from "./refused-login.ts";

it("a refused login has a reason that fits into an event and on a page", () => {
  expect(new RefusedLogin("not_invited").reason).toBe("not_invited");
  for (const reason of ["", "Not invited", "x".repeat(65), "<b>", undefined, 1]) {
    expect(() => new RefusedLogin(reason as string)).toThrow(
      expect.objectContaining({ name: "ConfigurationError", option: "reason" }),
    );
  }
});
