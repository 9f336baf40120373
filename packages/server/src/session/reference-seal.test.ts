import { describe, expect, it } from "vitest";
import { contentWith, moment, remembered } from "../../test/content.ts";
import { secret, settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import type { Reference } from "./reference.ts";
import { createReferenceSeal } from "./reference-seal.ts";
import { createSessionSeal } from "./session-seal.ts";

const other = "w7LrT0yPqN5hXc2JvB8sKdMfZg1EoAiU4tRnH6bQx3Y";
const reference: Reference<undefined> = {
  ...{ id: "A".repeat(43), clientId: "client-of-the-app", owner: "ada", account: null, line: "line" },
  ...{ data: undefined, asked: ["a"], createdAt: moment, ...remembered },
};

function world(secrets: string | string[] = secret) {
  const clock = { at: moment };
  const events: PixyEvent[] = [];
  const onEvent = (event: PixyEvent) => void events.push(event);
  const settings = settingsWith({ now: () => clock.at, secret: secrets, onEvent });
  return { clock, events, settings, seal: createReferenceSeal(settings) };
}

describe("the seal of a reference", () => {
  it("opens under its own key until the session's absolute end, once", async () => {
    const { seal, clock } = world();
    const made = await seal.seal(reference, "key");
    expect(await seal.open("key", made.sealed)).toBe(made);
    expect(await world().seal.open("key", made.sealed)).toMatchObject({ ...reference, key: "key", stale: false });
    expect(await world().seal.open("another", made.sealed)).toBeNull();
    clock.at += 365 * 86_400_000;
    expect(await seal.open("key", made.sealed)).toBeNull();
  });

  it("is none of a session that holds its tokens, nor the other way round", async () => {
    const { seal, settings, events } = world();
    const form = { purpose: "record", bindsKey: true, expiresAt: () => moment + 1_000 } as const;
    const own = createSessionSeal(settings, form);
    const { sealed } = await own.seal(contentWith(), "key");
    expect(await seal.open("key", sealed)).toBeNull();
    expect(await own.openStored("key", (await seal.seal(reference, "key")).sealed)).toBeNull();
    expect(events).toEqual([1, 2].map(() => ({ type: "cookie.rejected", reason: "misplaced" })));
  });

  it("of a previous secret is stale", async () => {
    const { sealed } = await world(other).seal.seal(reference, "key");
    expect(await world([secret, other]).seal.open("key", sealed)).toMatchObject({ owner: "ada", stale: true });
  });

  it("is opened anew once it was forgotten", async () => {
    const { seal } = world();
    const made = await seal.seal(reference, "key");
    seal.forget(made.sealed);
    expect(await seal.open("key", made.sealed)).not.toBe(made);
  });
});
