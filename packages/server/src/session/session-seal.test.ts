import { refreshAhead } from "@pixy/core";
import { createSealer, SessionTooLargeError, storeKey } from "@pixy/grants";
import { describe, expect, it, vi } from "vitest";
import { contentWith, moment, remembered, tokensWith } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import { contextOf } from "../settings/remembered-provider.ts";
import { asDeleted, bytesOf, createSessionSeal, type SealForm } from "./session-seal.ts";

const day = 86_400_000;
const content = contentWith();
const key = await storeKey(content.id);

function world(purpose: "session" | "record" = "session") {
  const clock = { at: moment };
  const events: PixyEvent[] = [];
  const onEvent = (event: PixyEvent) => void events.push(event);
  const settings = settingsWith({ now: () => clock.at, onEvent });
  const form: SealForm<undefined> = {
    purpose,
    bindsKey: purpose === "record",
    expiresAt: ({ createdAt }) =>
      Math.min(
        purpose === "record" ? Number.POSITIVE_INFINITY : clock.at + settings.idle,
        createdAt + settings.absolute,
      ),
  };
  const make = (change: Partial<SealForm<undefined>> = {}) => createSessionSeal(settings, { ...form, ...change });
  // A second one has the same settings and remembers nothing: another process.
  return { clock, events, settings, seal: make(), another: make(), make };
}

describe("a sealed session", () => {
  it("is at hand where it was sealed, and comes out the same elsewhere", async () => {
    const { seal, another } = world();
    const { session, sealed } = await seal.seal(content, key);
    expect(seal.recall(sealed)).toBe(session);
    expect(another.recall(sealed)).toBeUndefined();
    const opened = await another.openCarried(sealed);
    expect(opened).toEqual(session);
    expect(another.recall(sealed)).toBe(opened);
    expect(session).toMatchObject({ ...content, key, sealed, fence: 0, stale: false });
  });

  it("is not recalled after its end, nor after it was forgotten", async () => {
    const { seal, clock } = world();
    const first = await seal.seal(content, key);
    seal.forget(first.session);
    expect(seal.recall(first.sealed)).toBeUndefined();
    const second = await seal.seal(content, key);
    clock.at += 30 * day;
    expect(seal.recall(second.sealed)).toBe("expired");
    expect(await seal.openCarried(second.sealed)).toBe("expired");
  });

  it("leaves no tokens in memory once it was deleted: neither as it was found, nor in its newest form", async () => {
    const { seal, another } = world("record");
    const { session, sealed } = await seal.seal(content, key);
    const renewed = await another.seal(contentWith({ fence: 1 }), key);
    const stored = { fence: 1, sealed: renewed.sealed, ended: false, pause: 0, intents: [], note: null };
    expect(await asDeleted(seal, session, stored)).toEqual(renewed.session);
    expect([seal.recall(sealed), seal.recall(renewed.sealed)]).toEqual([undefined, undefined]);
    const held = await seal.seal(contentWith({ fence: 2 }), key);
    expect(await asDeleted(seal, session, stored, held.session)).toBe(held.session);
    expect(seal.recall(held.sealed)).toBeUndefined();
  });

  it("D1 that was tampered with is opened once, however often it comes", async () => {
    const { seal, another } = world();
    const { sealed } = await seal.seal(content, key);
    const forged = `${sealed.slice(0, 90)}${sealed[90] === "A" ? "B" : "A"}${sealed.slice(91)}`;
    const decrypt = vi.spyOn(crypto.subtle, "decrypt");
    for (const one of [seal, seal, another]) expect(await one.openCarried(forged)).toBe("tampered");
    expect(decrypt).toHaveBeenCalledTimes(1);
    decrypt.mockRestore();
    expect(await another.openCarried(sealed)).toMatchObject({ key });
  });

  it("ends with the idle time, and never after the absolute one", async () => {
    const { seal, clock } = world();
    expect(await seal.seal(content, key)).toMatchObject({ session: { expiresAt: moment + 30 * day }, ttl: 30 * day });
    clock.at += 350 * day;
    expect(await seal.seal(content, key)).toMatchObject({ session: { expiresAt: moment + 365 * day }, ttl: 15 * day });
  });

  it("that cannot be kept is refused as it is sealed, where somebody can still decide, and not remembered", async () => {
    const checked: string[] = [];
    const seal = world().make({
      check(sealed) {
        checked.push(sealed);
        throw new SessionTooLargeError("Too large.", "Keep less.");
      },
    });
    await expect(seal.seal(content, key)).rejects.toSatisfy(SessionTooLargeError.isInstance);
    expect(checked.map((sealed) => seal.recall(sealed))).toEqual([undefined]);
  });
});

describe("a sealed record of a store", () => {
  it("opens under its own key only", async () => {
    const { seal, another, events } = world("record");
    const { sealed } = await seal.seal(content, key);
    expect(await another.openStored(key, sealed)).toMatchObject({ id: content.id });
    expect(await another.openStored(await storeKey("B".repeat(43)), sealed)).toBeNull();
    expect(events).toEqual([{ type: "cookie.rejected", reason: "misplaced" }]);
  });

  it("is not opened after its end, although it is remembered", async () => {
    const { seal, clock } = world("record");
    const { sealed } = await seal.seal(content, key);
    clock.at += 365 * day - 1;
    expect(await seal.openStored(key, sealed)).toMatchObject({ id: content.id });
    clock.at += 1;
    expect(await seal.openStored(key, sealed)).toBeNull();
  });

  it("is no session where the seal is right and what it holds is not", async () => {
    const inStore = world("record");
    const inCookie = world();
    const sealerOf = ({ settings }: typeof inStore, purpose: "record" | "session") =>
      createSealer<object>({
        ...{ purpose, secrets: settings.secrets, now: settings.now },
        context: contextOf(settings, remembered, settings.cookies.session),
      });
    const until = { expiresAt: moment + day };
    const record = await sealerOf(inStore, "record").seal({}, { ...until, subject: key });
    expect(await inStore.seal.openStored(key, record)).toBeNull();
    expect(inStore.events).toEqual([{ type: "cookie.rejected", reason: "malformed" }]);
    expect(await inCookie.seal.openCarried(await sealerOf(inCookie, "session").seal({}, until))).toBe("malformed");
  });

  it("is no cookie, and a cookie is no record", async () => {
    const record = await world("record").seal.seal(content, key);
    const cookie = await world().seal.seal(content, key);
    expect(await world().seal.openCarried(record.sealed)).toEqual(expect.any(String));
    expect(await world("record").seal.openStored(key, cookie.sealed)).toBeNull();
  });
});

describe("the refresh of a session", () => {
  it("is due a little before the token ends, and not at the same moment for all", async () => {
    const { seal } = world();
    const ends = moment + 3_600_000;
    const ahead = refreshAhead(content.tokens) * 1_000;
    const dues = new Set<number>();
    for (let count = 0; count < 20; count++) {
      const { session } = await seal.seal(content, await storeKey(`session ${count}`));
      expect(session.tokenExpiresAt).toBe(ends);
      expect(session.refreshDueAt).toBeLessThanOrEqual(ends - ahead);
      expect(session.refreshDueAt).toBeGreaterThan(ends - 1.5 * ahead);
      dues.add(session.refreshDueAt);
    }
    expect(dues.size).toBeGreaterThan(10);
  });

  it("is due at the same moment in every process", async () => {
    const { seal, another } = world();
    const { session, sealed } = await seal.seal(content, key);
    expect(await another.openCarried(sealed)).toMatchObject({ refreshDueAt: session.refreshDueAt });
  });

  it("is never due where the provider names no end", async () => {
    const { session } = await world().seal.seal(contentWith({ tokens: tokensWith({ expiresIn: null }) }), key);
    expect([session.tokenExpiresAt, session.refreshDueAt]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe("the estimate of what an opened session takes", () => {
  it("grows with what was sealed and counts the objects around it", () => {
    expect(bytesOf("")).toBeGreaterThan(0);
    expect(bytesOf("x".repeat(1_000)) - bytesOf("")).toBeGreaterThanOrEqual(1_000);
  });
});
