import { describe, expect, it } from "vitest";
import { MemoryEpochs } from "./memory-epochs.ts";

describe("the epochs of a process", () => {
  it("are counted for each owner and forgotten once nobody can need them", () => {
    const epochs = new MemoryEpochs();
    expect([epochs.of("ada"), epochs.advance("ada", 100, 0), epochs.advance("ada", 10, 5)]).toEqual([0, 1, 2]);
    epochs.advance("bob", 50, 5);
    epochs.sweep(54);
    expect([epochs.of("ada"), epochs.of("bob"), epochs.size]).toEqual([2, 1, 2]);
    epochs.sweep(55);
    expect([epochs.of("ada"), epochs.of("bob"), epochs.size]).toEqual([2, 0, 1]);
    epochs.sweep(100);
    expect([epochs.of("ada"), epochs.size]).toEqual([0, 0]);
  });

  it("are kept from the last time on, not from the first", () => {
    const epochs = new MemoryEpochs();
    epochs.advance("ada", 10, 0);
    epochs.advance("ada", 100, 5);
    epochs.sweep(104);
    expect(epochs.of("ada")).toBe(2);
    epochs.sweep(105);
    expect(epochs.of("ada")).toBe(0);
  });
});
