import { describe, expect, it } from "vitest";
import { readQuery } from "./query.ts";

describe("the query of a request", () => {
  it("is what stands behind the first question mark", () => {
    expect([...readQuery("/auth/callback?code=a%20b&state=c?d&x")]).toEqual([
      ["code", "a b"],
      ["state", "c?d"],
      ["x", ""],
    ]);
    for (const url of ["/auth/login", "/auth/login?", ""]) expect([...readQuery(url)]).toEqual([]);
  });

  it("is read up to 100 parameters and 32 kB, and beyond that as none", () => {
    const count = (query: string) => readQuery(`/?${query}`).size;
    expect([count(`${"a&".repeat(99)}a`), count(`${"a&".repeat(100)}a`), count("a&".repeat(8_000))]).toEqual([
      ...[100, 0, 0],
    ]);
    expect([count(`code=${"c".repeat(32_763)}`), count(`code=${"c".repeat(32_764)}`)]).toEqual([1, 0]);
  });
});
