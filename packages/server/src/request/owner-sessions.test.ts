import { expect, it, vi } from "vitest";
import { type OwnerSessions, ownerSessionsOf } from "./owner-sessions.ts";

it("a login that is made late is asked when somebody asks, and its mistakes are rejections", async () => {
  const own: OwnerSessions = {
    endAll: vi.fn(async () => {}),
    sessionsOf: vi.fn(async () => []),
    endSession: vi.fn(async () => true),
  };
  const authOf = vi.fn(() => own);
  const owners = ownerSessionsOf(authOf);
  expect(authOf).not.toHaveBeenCalled();
  await owners.endAll("ada");
  expect([await owners.sessionsOf("ada"), await owners.endSession("ada", "id")]).toEqual([[], true]);
  expect([own.endAll, own.sessionsOf, own.endSession].map((each) => vi.mocked(each).mock.calls)).toEqual([
    ...[[["ada"]], [["ada"]], [["ada", "id"]]],
  ]);
  authOf.mockImplementation(() => {
    throw new Error("no secret");
  });
  await expect(owners.endAll("ada")).rejects.toThrow("no secret");
});
