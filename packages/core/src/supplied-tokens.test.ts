import { expect, it } from "vitest";
import type { Authenticator } from "./authenticator.ts";
import { isSupplied, supply } from "./supplied-tokens.ts";
import { createTokens } from "./tokens.ts";

function counting(): Authenticator {
  let count = 0;
  return {
    async tokens() {
      const accessToken = `t${count++}`;
      return createTokens({
        ...{ accessToken, tokenType: "Bearer", expiresIn: null, scope: [] },
        ...{ refreshToken: null, createdAt: 0, authorizedAt: 0 },
      });
    },
  };
}

it("knows the last tokens that an authenticator supplied, and no others", async () => {
  const authenticator = counting();
  expect(isSupplied(authenticator, "Bearer t0")).toBe(false);
  for (let call = 0; call < 5; call++) await supply(authenticator);
  const known = ["t0", "t1", "t2", "t3", "t4", "t5"].filter((token) => isSupplied(authenticator, `Bearer ${token}`));
  expect(known).toEqual(["t1", "t2", "t3", "t4"]);
  expect(["t4", "bearer t4", "Bearer t4 ", "Basic t4", "", null].some((text) => isSupplied(authenticator, text))).toBe(
    false,
  );
  expect(isSupplied(counting(), "Bearer t4")).toBe(false);
});

it("one that is supplied again and again pushes no other out", async () => {
  const { tokens } = counting();
  const [first, second] = [await tokens(), await tokens()];
  let next = first;
  const authenticator: Authenticator = { tokens: async () => next };
  await supply(authenticator);
  next = second;
  for (let call = 0; call < 5; call++) await supply(authenticator);
  expect([isSupplied(authenticator, "Bearer t0"), isSupplied(authenticator, "Bearer t1")]).toEqual([true, true]);
});
