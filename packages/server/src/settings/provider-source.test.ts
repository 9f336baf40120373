import type { FindProvider, Provider } from "@pixy/core";
import { spotifyAt } from "@pixy/providers/spotify";
import { describe, expect, it, vi } from "vitest";
import type { PixyEvent } from "./events.ts";
import { foundProvider, givenProvider } from "./provider-source.ts";

const provider = spotifyAt("http://127.0.0.1:4000");
const moved: Provider = { ...provider, tokenEndpoint: "http://127.0.0.1:4001/api/token" };
const minute = 60_000;

/** A provider that is found by answers which the test gives one by one. */
function world(find: FindProvider, check: (found: Provider) => void = () => {}) {
  const clock = { at: 1_000 };
  const events: PixyEvent[] = [];
  const asked = vi.fn(find);
  const emit = (event: PixyEvent) => void events.push(event);
  return { clock, events, asked, source: foundProvider(asked, { key: "one", now: () => clock.at, emit, check }) };
}

/** What the runtime would keep the worker running for. */
const keptIn = (kept: Promise<unknown>[]) => (promise: Promise<unknown>) => void kept.push(promise);

describe("a provider that is given", () => {
  it("is at hand at once, without a promise", () => {
    expect(givenProvider(provider).find()).toBe(provider);
  });
});

describe("a provider that is found at first use", () => {
  it("is asked for by the first who needs it, and shared by its result", async () => {
    const { source, asked } = world(async () => provider);
    expect([asked.mock.calls.length, source.known]).toEqual([0, null]);
    expect(await Promise.all([source.find(), source.find(), source.find()])).toEqual([provider, provider, provider]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(source.find()).toBe(provider);
    expect(source.known).toBe(provider);
  });

  it("keeps a failure for 10 seconds, tells of it once, and asks again after them", async () => {
    let isAway = true;
    const { source, asked, clock, events } = world(async () => {
      if (isAway) throw new Error("no route");
      return provider;
    });
    const failing = await Promise.allSettled([source.find(), source.find()]);
    for (const { reason } of failing as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: "provider_unavailable", status: 503, headers: { "retry-after": "10" } });
    }
    clock.at += 9_000;
    expect(() => source.find()).toThrow(
      expect.objectContaining({ headers: expect.objectContaining({ "retry-after": "1" }) }),
    );
    expect(asked).toHaveBeenCalledTimes(1);
    expect(events).toEqual([{ type: "discovery.failed", provider: "one", error: expect.any(Error) }]);
    isAway = false;
    clock.at += 1_000;
    expect(await source.find()).toBe(provider);
  });

  it.each<[string, FindProvider, (found: Provider) => void]>([
    ["is no provider", async () => ({}) as Provider, () => {}],
    [
      "does not fit the registration",
      async () => provider,
      () => {
        givenProvider(spotifyAt("http://127.0.0.1:4000", { rotation: "no such" } as never));
      },
    ],
  ])("says 503 provider_misconfigured for what %s", async (_what, find, check) => {
    await expect(world(find, check).source.find()).rejects.toMatchObject({
      code: "provider_misconfigured",
      status: 503,
    });
  });

  it("is read anew after ten minutes, beside the request, which goes on with the old", async () => {
    let next = provider;
    const { source, asked, clock } = world(async () => next);
    await source.find();
    next = { ...provider, name: "newer" };
    clock.at += 10 * minute;
    const kept: Promise<unknown>[] = [];
    expect(source.find(keptIn(kept))).toBe(provider);
    expect(source.find()).toBe(provider);
    await Promise.all(kept);
    expect(source.find()).toBe(next);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("stays in use where reading it anew fails, which is tried every 10 seconds", async () => {
    let isAway = false;
    const { source, asked, clock } = world(async () => {
      if (isAway) throw new Error("no route");
      return provider;
    });
    await source.find();
    isAway = true;
    clock.at += 10 * minute;
    for (let count = 0; count < 3; count++) {
      const kept: Promise<unknown>[] = [];
      expect(source.find(keptIn(kept))).toBe(provider);
      await Promise.all(kept);
    }
    expect(asked).toHaveBeenCalledTimes(2);
    clock.at += 10_000;
    source.find();
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it("tells of a token endpoint that moves to another origin, and of no other issuer in its place", async () => {
    let next: Provider = provider;
    const { source, clock, events } = world(async () => next);
    await source.find();
    async function readAnew(): Promise<void> {
      clock.at += 10 * minute;
      const kept: Promise<unknown>[] = [];
      await source.find(keptIn(kept));
      await Promise.all(kept);
    }
    next = moved;
    await readAnew();
    expect(events).toEqual([
      { type: "provider.moved", provider: "one", from: "http://127.0.0.1:4000", to: "http://127.0.0.1:4001" },
    ]);
    next = { ...provider, issuer: "http://127.0.0.1:6666" };
    await readAnew();
    expect(source.known).toBe(moved);
    expect(events.at(-1)).toMatchObject({ type: "discovery.failed" });
  });

  it("is asked for again by whoever waits where the one who asked was stopped, as workers are", async () => {
    vi.useFakeTimers();
    try {
      let isStopped = true;
      const { source, asked, clock } = world(() => (isStopped ? new Promise(() => {}) : Promise.resolve(provider)));
      const stopped = Promise.resolve(source.find()).catch((error: unknown) => error);
      isStopped = false;
      clock.at += 7_000;
      expect(await source.find()).toBe(provider);
      expect(asked).toHaveBeenCalledTimes(2);
      await vi.advanceTimersByTimeAsync(7_000);
      expect(await stopped).toMatchObject({ code: "provider_unavailable" });
      expect(source.find()).toBe(provider);
    } finally {
      vi.useRealTimers();
    }
  });
});
