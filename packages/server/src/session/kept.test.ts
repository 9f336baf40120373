import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { isSessionKept, readSessionKept, restateKept, withApiOf } from "./kept.ts";

const apiFrom = { member: "at", hosts: [".spotify.com"] };
const provider = defineProvider({ ...spotify, keep: ["at", "id"], apiFrom });
const at = "https://org.spotify.com";
const foreign = [
  "http://org.spotify.com",
  "https://evil.example",
  "https://evil-spotify.com",
  "https://org.spotify.com@evil.example",
  "https://org.spotify.com:8443",
  `https://${"a".repeat(500)}.spotify.com`,
  "",
  null,
  7,
  { href: at },
];

describe("what a session keeps of an answer", () => {
  it("is the member that names its API, and no other", () => {
    expect(readSessionKept(provider, { at: `${at}/`, id: "7" })).toEqual({ at });
    expect(readSessionKept(provider, { id: "7" })).toEqual({});
    expect(readSessionKept(spotify, { at })).toEqual({});
  });

  it.each(foreign)("is never %j: at a login an error, at a refresh what was before", (value) => {
    expect(() => readSessionKept(provider, { at: value })).toThrow(expect.objectContaining({ code: "foreign_api" }));
    expect(restateKept(provider, { at }, { at: value })).toEqual({ at });
  });

  it("is stated anew by a refresh, or stays", () => {
    expect(restateKept(provider, { at }, { at: "https://other.spotify.com" })).toEqual({
      at: "https://other.spotify.com",
    });
    expect(restateKept(provider, { at }, {})).toEqual({ at });
    // A session of before this was kept.
    expect(restateKept(provider, {}, { at })).toEqual({ at });
  });

  it("has 512 octets, in all", () => {
    expect([isSessionKept({ at: "x".repeat(503) }), isSessionKept({ at: "x".repeat(504) })]).toEqual([true, false]);
  });
});

describe("the API of a session", () => {
  it("is what was kept, as long as it is at one of the provider's hosts", () => {
    expect(withApiOf(provider, { at }).api).toBe(at);
    expect(withApiOf(provider, {}).api).toBe(spotify.api);
    const moved = defineProvider({ ...provider, apiFrom: { ...apiFrom, hosts: [".example"] } });
    expect(withApiOf(moved, { at }).api).toBe(spotify.api);
    expect(withApiOf(spotify, { at })).toBe(spotify);
  });
});
