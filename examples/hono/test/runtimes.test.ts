import { expect, it } from "vitest";
import { exchangeSessions } from "../scripts/runtimes.ts";

it("K18 opens on workerd a session that was sealed on Node, and the other way round", async () => {
  const exchanges = await exchangeSessions(["node", "workerd"]);
  expect(exchanges).toHaveLength(4);
  for (const { found, expected } of exchanges) {
    expect(found).toMatch(/^\S+ Ada Lovelace$/);
    expect(found).toBe(expected);
  }
});
