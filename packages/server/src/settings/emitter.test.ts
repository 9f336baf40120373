import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEmitter } from "./emitter.ts";
import type { PixyEvent } from "./events.ts";

const warning: PixyEvent = { type: "set-up.warning", code: "rotation_needs_a_store", message: "Use a store." };
const unsaved: PixyEvent = { type: "refresh.commit_failed", session: "01234567", error: new Error("secret detail") };
const quiet: PixyEvent = { type: "login.completed", provider: null, session: "01234567", scope: [] };

describe("events", () => {
  const printed: unknown[][] = [];
  beforeEach(() => {
    printed.length = 0;
    for (const method of ["warn", "error"] as const) {
      vi.spyOn(console, method).mockImplementation((...words) => void printed.push(words));
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("that nobody may miss are printed where nobody listens, without the error's own words", () => {
    const emit = createEmitter(undefined);
    for (const event of [warning, unsaved, quiet]) emit(event);
    expect(printed).toEqual([["[pixy] Use a store."], [expect.stringContaining("could not be saved")]]);
    expect(String(printed)).not.toContain("secret detail");
  });

  it("are printed without what a terminal obeys", () => {
    createEmitter(undefined)({ ...warning, message: "\u001b[2J\u202eevil\n" });
    expect(printed).toEqual([["[pixy] ?[2J?evil?"]]);
  });
});
