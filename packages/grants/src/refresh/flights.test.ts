import { afterEach, describe, expect, it, vi } from "vitest";
import { shareFlight } from "./flights.ts";
import type { RefreshOutcome } from "./refresh-outcome.ts";

type Outcome = RefreshOutcome<string>;

const done: Outcome = { outcome: "refreshed", session: "newest" };

describe("a refresh that several need", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is one for all who name the same, and another one for who does not", async () => {
    let count = 0;
    const lead = async (): Promise<Outcome> => {
      count++;
      await Promise.resolve();
      return done;
    };
    const names = [
      ["a", 1],
      ["a", 1],
      ["a", 2],
      ["b", 1],
      ["a", 12],
      ["a1", 2],
    ] as const;
    expect(await Promise.all(names.map((name) => shareFlight(name, lead)))).toEqual(names.map(() => done));
    expect(count).toBe(5);
    await shareFlight(["a", 1], lead);
    expect(count).toBe(6);
  });

  it("leaves no timer behind that would keep the process alive", async () => {
    vi.useFakeTimers();
    await Promise.all([1, 2].map(() => shareFlight(["done"], async () => done)));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is kept alive once, by whoever leads it", async () => {
    const kept: Promise<unknown>[] = [];
    const lead = async () => done;
    const flights = [1, 2].map(() => shareFlight(["kept"], lead, (promise) => void kept.push(promise)));
    await Promise.all(flights);
    expect(kept).toEqual([flights[0]]);
  });

  it("that stopped holds nobody for ever: after 30 seconds its followers give up, and the next one leads", async () => {
    vi.useFakeTimers();
    void shareFlight(["stopped"], () => new Promise<Outcome>(() => {}));
    const following = shareFlight(["stopped"], async () => done);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await following).toMatchObject({ outcome: "unavailable", wait: 1_000 });
    expect(await shareFlight(["stopped"], async () => done)).toBe(done);
  });
});
