import { defineProvider } from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { readSessionKept } from "./kept.ts";

const apiFrom = { member: "at", hosts: [".spotify.com"] };
const provider = defineProvider({ ...spotify, keep: ["at", "id"], apiFrom });

describe("what a session keeps of an answer", () => {
  it("is the member that names its API, and no other", () => {
    const at = "https://org.spotify.com";
    expect(readSessionKept(provider, { at: `${at}/`, id: "7" })).toEqual({ at });
    expect(readSessionKept(spotify, { at })).toEqual({});
  });

  it("is an error where that is somebody else's", () => {
    const foreign = () => readSessionKept(provider, { at: "https://evil.example" });
    expect(foreign).toThrow(expect.objectContaining({ code: "foreign_api", hint: expect.stringContaining("at") }));
  });
});
