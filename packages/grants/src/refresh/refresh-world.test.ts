import { describe, expect, it } from "vitest";
import { defaultTiming } from "./refresh-world.ts";

describe("the timing of a refresh", () => {
  const { request, lease, intent, patience } = defaultTiming;

  it("lets a request end under the lease it was sent under, or a second worker sends the same token", () => {
    expect(lease).toBeGreaterThan(request);
  });

  it("waits for an intent at least as long as its lease, or a refusal is believed too early", () => {
    expect(intent).toBeGreaterThanOrEqual(lease);
  });

  it("lets a worker outwait another one's lease, so that a crash costs a wait and no error", () => {
    expect(patience).toBeGreaterThan(lease);
  });
});
