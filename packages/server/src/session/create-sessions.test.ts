import { memoryStore, storeKey } from "@pixy/grants";
import { describe, expect, it } from "vitest";
import { contentWith, moment } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import { createSessions } from "./create-sessions.ts";

const now = () => moment;

describe("the sessions of an app", () => {
  it("live in the browser where the app has no store", async () => {
    const sessions = createSessions(settingsWith({ now }));
    const session = await sessions.create(contentWith());
    expect([sessions.refreshNeedsCookie, sessions.issue(session).value]).toEqual([true, session.sealed]);
  });

  it("live in its store where it has one", async () => {
    const store = memoryStore({ now });
    const sessions = createSessions(settingsWith({ now, store }));
    const session = await sessions.create(contentWith());
    expect([sessions.refreshNeedsCookie, sessions.issue(session).value]).toEqual([false, session.id]);
    expect(await store.read(await storeKey(session.id))).toMatchObject({ sealed: session.sealed });
  });
});
