import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { listening, type PostgresListener } from "../src/listening.ts";
import { postgresChanges } from "../src/postgres-changes.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("a listening connection that died without a word is made anew, and nothing comes from memory meanwhile", async () => {
  let opened = 0;
  let isDead = false;
  let tell: (payload: { payload: string }) => void = () => {};
  const open = (): PostgresListener => {
    opened++;
    isDead = false;
    return {
      connect: async () => {},
      query: async () => {},
      on(event, listener) {
        if (event === "notification") tell = listener as typeof tell;
      },
      end: async () => {},
    };
  };
  const connection = listening(open, "pixy");
  const changes = postgresChanges(connection, "pixy", async (_name, message) => {
    if (!isDead) tell({ payload: String(message) });
  });
  const isHeard = async () => {
    changes.isHeard();
    await vi.advanceTimersByTimeAsync(1_500);
    return changes.isHeard();
  };
  expect([await isHeard(), opened]).toEqual([true, 1]);
  isDead = true;
  await vi.advanceTimersByTimeAsync(46_000);
  expect([changes.isHeard(), opened]).toEqual([false, 1]);
  await vi.advanceTimersByTimeAsync(180_000);
  expect([await isHeard(), opened]).toEqual([true, 2]);
});
