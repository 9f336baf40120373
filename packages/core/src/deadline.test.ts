import { afterEach, describe, expect, it, vi } from "vitest";
import { withDeadline } from "./deadline.ts";

const late = new Error("late");
const never = () => new Promise<never>(() => {});

describe("work with a deadline", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("ends as the work ends", async () => {
    const failure = new Error("refused");
    expect(
      await withDeadline(
        async () => "done",
        {},
        () => late,
      ),
    ).toBe("done");
    await expect(
      withDeadline(
        () => Promise.reject(failure),
        {},
        () => late,
      ),
    ).rejects.toBe(failure);
  });

  it("ends when the time is up, also where the work does not listen", async () => {
    vi.useFakeTimers();
    let signal: AbortSignal | undefined;
    const work = withDeadline(
      (given) => {
        signal = given;
        return never();
      },
      { timeout: 500 },
      () => late,
    );
    const ended = expect(work).rejects.toBe(late);
    await vi.advanceTimersByTimeAsync(499);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await ended;
    expect(signal?.reason).toBe(late);
  });

  // A timer that is set for more than 24 days ends at once, and the answer to a refresh would be lost.
  it.each([Number.POSITIVE_INFINITY, 2 ** 31])(
    "has all the time where it is given %d milliseconds",
    async (timeout) => {
      vi.useFakeTimers();
      const work = () => new Promise((resolve) => setTimeout(resolve, 60_000, "done"));
      const ended = withDeadline(work, { timeout }, () => late);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await ended).toBe("done");
    },
  );

  it("has ten seconds unless it is given others, and all the time without an error to be late with", async () => {
    vi.useFakeTimers();
    const work = expect(withDeadline(never, {}, () => late)).rejects.toBe(late);
    void withDeadline(never, { timeout: 1 });
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    await work;
  });

  it("ends with the caller's own reason, not with the AbortError of what it called", async () => {
    const caller = new AbortController();
    const reason = new Error("The person has left.");
    const work = withDeadline(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
        }),
      { signal: caller.signal },
      () => late,
    );
    caller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  it("does not begin for a caller who has left", async () => {
    const work = vi.fn(never);
    await expect(withDeadline(work, { signal: AbortSignal.abort(late) })).rejects.toBe(late);
    expect(work).not.toHaveBeenCalled();
  });

  it("leaves neither timer nor listener behind", async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    await withDeadline(
      async () => "done",
      { signal },
      () => late,
    );
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledWith("abort", expect.any(Function));
  });
});
