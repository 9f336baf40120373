import { inspect } from "node:util";
import { expect, it } from "vitest";
import { type GrantsParts, partsOf, withParts } from "../../packages/grants/src/grant/grants-parts.ts";

it("what grants were made of is had by who asks for it, and printed by nobody", () => {
  const parts = { secret: "canary" } as unknown as GrantsParts;
  const grants = withParts({ name: "grants" }, parts);
  expect([partsOf(grants), partsOf({}), Object.isFrozen(grants)]).toEqual([parts, null, true]);
  expect(inspect(grants, { showHidden: true, depth: 9 }) + JSON.stringify(grants)).not.toContain("canary");
});
