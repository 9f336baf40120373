import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changeChannel } from "./change-channel.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A channel whose messages come back when the test says so, and what it has told. */
function setUp(options: { provenMs?: number } = {}) {
  const sent: string[] = [];
  const told: (string | null)[] = [];
  const channel = changeChannel({
    publish: async (message) => void sent.push(message),
    keyOf: (message) => (message.startsWith("key:") ? message.slice(4) : null),
    now: () => Date.now(),
    ...options,
  });
  channel.listen((key) => told.push(key));
  return { channel, sent, told, back: (at = -1) => channel.hear(sent.at(at) ?? "") };
}

describe("a channel of changes", () => {
  it("counts as heard when a message to ourselves has come back, and tells that any may have changed", () => {
    const { channel, told, back } = setUp();
    expect(channel.isHeard()).toBe(false);
    channel.open();
    expect(channel.isHeard()).toBe(false);
    back();
    expect([channel.isHeard(), told]).toEqual([true, [null]]);
    channel.hear("key:a");
    channel.hear("something else");
    expect(told).toEqual([null, "a"]);
  });

  it("does not take another process' message for its own", () => {
    const [one, other] = [setUp(), setUp()];
    other.channel.open();
    one.channel.hear(other.sent[0] ?? "");
    expect(one.channel.isHeard()).toBe(false);
  });

  it("is not heard once the connection broke, whatever of before still comes", () => {
    const { channel, sent, told, back } = setUp();
    channel.open();
    back();
    channel.lose();
    expect([channel.isHeard(), told]).toEqual([false, [null, null]]);
    back();
    expect(channel.isHeard()).toBe(false);
    channel.open();
    expect(sent).toHaveLength(2);
    back();
    expect([channel.isHeard(), told]).toEqual([true, [null, null, null]]);
  });

  it("asks again while no answer comes, more and more seldom, and no more once it came", () => {
    const { channel, sent, back } = setUp();
    channel.open();
    const times = [1_000, 2_000, 4_000];
    for (const [index, milliseconds] of times.entries()) {
      vi.advanceTimersByTime(milliseconds - 1);
      expect(sent).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(sent).toHaveLength(index + 2);
    }
    vi.advanceTimersByTime(600_000);
    expect(sent.length).toBeLessThan(20);
    back();
    const count = sent.length;
    vi.advanceTimersByTime(600_000);
    expect(sent).toHaveLength(count);
  });

  it("is proven anew in time, and not heard when the last proof is too old", () => {
    const { channel, sent, told, back } = setUp({ provenMs: 45_000 });
    channel.open();
    back();
    vi.advanceTimersByTime(15_000);
    expect(sent).toHaveLength(2);
    back();
    expect(told).toEqual([null]);
    // It counts from the question, not from the answer.
    vi.advanceTimersByTime(44_999);
    expect(channel.isHeard()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(channel.isHeard()).toBe(false);
    channel.open();
    back();
    expect([channel.isHeard(), told]).toEqual([true, [null, null]]);
  });
});
