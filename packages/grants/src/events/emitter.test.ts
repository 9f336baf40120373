import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEmitter, type EventLines } from "./emitter.ts";

interface Event {
  readonly type: string;
  readonly about?: string;
}

const lines: EventLines<Event> = {
  lineOf: ({ type }) => (type === "everyday" ? null : `It says ${type}.`),
  troubleOf: ({ about = null }) => about,
};

describe("events", () => {
  const printed: unknown[][] = [];
  const clock = { at: 0 };
  beforeEach(() => {
    printed.length = 0;
    for (const method of ["warn", "error"] as const) {
      vi.spyOn(console, method).mockImplementation((...words) => void printed.push(words));
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("go to the listener, and nothing is printed", () => {
    const seen: Event[] = [];
    const emit = createEmitter<Event>((event) => void seen.push(event), lines);
    expect([emit({ type: "trouble" }), seen, printed]).toEqual([true, [{ type: "trouble" }], []]);
  });

  it("are printed where nobody listens: the same trouble once an hour", () => {
    const emit = createEmitter<Event>(undefined, lines, () => clock.at);
    const told = ["everyday", "first", "second"].map((type) => emit({ type, about: "one" }));
    clock.at += 3_600_000;
    emit({ type: "third", about: "one" });
    expect(told).toEqual([true, true, true]);
    expect(printed).toEqual([["[pixy] It says first."], ["[pixy] It says third."]]);
  });

  it("leave no warning about the set-up out", () => {
    const emit = createEmitter<Event>(undefined, lines, () => clock.at);
    for (let count = 0; count < 40; count++) emit({ type: "trouble" });
    expect(printed).toHaveLength(31);
    emit({ type: "set-up.warning" });
    expect(printed).toHaveLength(32);
  });

  it("fill no disk with the failures of a listener", () => {
    const emit = createEmitter<Event>(
      () => {
        throw new Error("down");
      },
      lines,
      () => clock.at,
    );
    for (let count = 0; count < 40; count++) emit({ type: "trouble" });
    expect(printed).toHaveLength(31);
  });

  it("say whether the listener took them, also an async one", async () => {
    const answers = [
      createEmitter<Event>(() => {
        throw new Error("down");
      }, lines),
      createEmitter<Event>(async () => {
        throw new Error("down");
      }, lines),
      createEmitter<Event>(async () => "done", lines),
    ].map((emit) => emit({ type: "trouble" }));
    expect(await Promise.all(answers)).toEqual([false, false, true]);
    expect(printed).toEqual([1, 2].map(() => [expect.stringMatching(/^\[pixy\] onEvent failed\. Error: down/)]));
  });
});
