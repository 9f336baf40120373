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
});
