import { GrantError, StoreFullError } from "@pixy/grants";
import { expect, it } from "vitest";
import { grantAnswer } from "./grant-answer.ts";

const failing = (error: Error) => grantAnswer(() => Promise.reject(error));

it("a store of grants that is away or full is that to the person, too; everything else is as it was", async () => {
  const away = new GrantError("away", { code: "store_unavailable", hint: "" });
  await expect(failing(away)).rejects.toMatchObject({ name: "RequestError", code: "store_unavailable", cause: away });
  await expect(failing(new StoreFullError())).rejects.toMatchObject({ name: "RequestError", code: "store_full" });
  const unknown = new GrantError("unknown", { code: "unknown_secret", hint: "" });
  await expect(failing(unknown)).rejects.toBe(unknown);
  expect(await grantAnswer(async () => 7)).toBe(7);
});
