import { describe, expect, it } from "vitest";
import { contentWith } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import { viewOf } from "../session/session.ts";
import type { PixyOptions } from "../settings/options.ts";
import { publicSessionOf } from "./public-session.ts";

interface Data {
  readonly name: string;
  readonly plan: string;
}

function publicly(options: Partial<PixyOptions<Data>> = {}, reauthNeeded = false) {
  const settings = settingsWith<Data>(options);
  const session = viewOf(
    contentWith({ data: { name: "Ada", plan: "free" } }),
    "key-of-the-session",
    settings.ways[0].provider,
  );
  return publicSessionOf(settings, session, reauthNeeded);
}

describe("what a page may know of a session", () => {
  it("is that nobody is there", () => {
    expect(publicSessionOf(settingsWith<Data>(), null, false)).toEqual({ loggedIn: false });
  });

  it("is plain JSON, with neither a token nor the app's data", () => {
    const known = publicly();
    expect(JSON.parse(JSON.stringify(known))).toEqual(known);
    expect(JSON.stringify(known)).not.toMatch(/Ada|free|"data"|access|refresh|reauthNeeded/);
    expect(publicly({}, true)).toMatchObject({ reauthNeeded: true });
  });

  it("is what the app picks of its data, as JSON keeps it", () => {
    expect(publicly({ publicData: ({ plan }) => ({ plan }) })).toMatchObject({ data: { plan: "free" } });
    expect(publicly({ publicData: true })).toMatchObject({ data: { name: "Ada" } });
  });

  // Else a BigInt and a cycle are a TypeError of JSON.stringify, a promise is {}, and a Date is a text in the page alone.
  it.each<[string, unknown]>([
    ["publicData.seats is a bigint", { seats: 1n }],
    ["publicData.since is a Date", { since: new Date(0) }],
    ["publicData is a Promise", Promise.resolve({ plan: "free" })],
    ["publicData is a Map", new Map()],
  ])("is JSON, or the error says where it is none: %s", (problem, picked) => {
    expect(() => publicly({ publicData: () => picked as Data })).toThrow(
      expect.objectContaining({ code: "invalid_option", option: "publicData", message: `${problem}.` }),
    );
  });
});
