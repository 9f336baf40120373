import { describe, expect, it } from "vitest";
import { contentWith, remembered, tokensWith } from "../../test/content.ts";
import { type PackedSession, packSession, unpackSession } from "./session-codec.ts";

const full = contentWith<{ name: string }>({
  data: { name: "Ada" },
  fence: 7,
  asked: ["a", "b"],
  warned: true,
  tokenEndpoint: "https://id.example/token",
  kept: { instance_url: "https://org.id.example" },
  tokens: tokensWith({ extra: { sub: "ada" } }),
});
const bare = contentWith({ tokens: tokensWith({ expiresIn: null, refreshToken: null, scope: [] }), asked: [] });

/** As it comes out of the seal. */
const travelled = (packed: unknown): PackedSession => JSON.parse(JSON.stringify(packed)) as PackedSession;

describe("packed session", () => {
  it.each([
    ["with everything", full],
    ["with nothing that may be absent", bare],
  ])("comes back as it was, %s", (_name, content) => {
    expect(unpackSession(travelled(packSession<unknown>(content)), remembered)).toEqual(content);
  });

  it("leaves out what a reader can tell by itself: each octet travels with each request", () => {
    expect(packSession(contentWith())).not.toHaveProperty("d");
    expect(packSession(contentWith())).not.toHaveProperty("q");
    expect(packSession(contentWith())).not.toHaveProperty("w");
    expect(packSession(contentWith())).not.toHaveProperty("k");
    expect(packSession(contentWith())).not.toHaveProperty("n");
    expect(packSession(contentWith())).not.toHaveProperty("z");
  });

  const changes: readonly Partial<Record<keyof PackedSession, unknown>>[] = [
    { v: 2 },
    { i: "A".repeat(42) },
    { i: "../".repeat(14) },
    { c: null },
    { a: "" },
    { e: "3600" },
    { s: "user-read-private" },
    { s: [1] },
    { q: "a b" },
    { t: "yesterday" },
    { b: 1.5 },
    { f: -1 },
    { f: "0" },
    { n: "https://org.id.example" },
    { n: ["https://org.id.example"] },
    { n: null },
    { n: { instance_url: "x".repeat(500) } },
  ];
  it.each(changes)("%j is what this version does not write, so nobody is logged in by it", (change) => {
    expect(
      unpackSession({ ...travelled(packSession(contentWith())), ...change } as PackedSession, remembered),
    ).toBeNull();
  });
});
