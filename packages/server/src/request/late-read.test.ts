import { describe, expect, it } from "vitest";
import { incoming, settingsWith } from "../../test/settings.ts";
import { createSessions } from "../session/create-sessions.ts";
import type { PixyEvent } from "../settings/events.ts";
import { Handle } from "./handle.ts";

/** An app whose answers have begun, with a `Cache-Control`, before anybody reads the session. */
function begunWith(cacheControl: string) {
  const events: PixyEvent[] = [];
  const settings = settingsWith({ onEvent: (event) => void events.push(event) });
  const sessions = createSessions(settings);
  const open = (...request: Parameters<typeof incoming>) =>
    new Handle(settings, sessions, incoming(...request), { onRead: () => cacheControl });
  return { open, events };
}

describe("a session that is read once the answer has begun", () => {
  it("is warned of, once, with the path and not with the query", async () => {
    const { open, events } = begunWith("");
    for (const query of ["1", "1", "2"]) expect(await open(`/events?token=${query}`).session()).toBeNull();
    expect(events).toEqual([expect.objectContaining({ type: "set-up.warning", code: "session_read_late" })]);
    expect(JSON.stringify(events)).toMatch(/GET \/events had begun/);
    expect(JSON.stringify(events)).not.toContain("token");
  });

  it.each(["private", "no-store", "no-cache, no-transform", "NO-STORE, public"])(
    "is no trouble where caches were told %s",
    async (told) => {
      const { open, events } = begunWith(told);
      expect(await open("/events").session()).toBeNull();
      expect(events).toEqual([]);
    },
  );

  it.each(["public", "max-age=60", "s-maxage=60"])("is refused where caches were told %s", async (told) => {
    const { open } = begunWith(told);
    const handle = open("/page");
    const error = expect.objectContaining({ name: "ConfigurationError", code: "session_read_late" });
    // Whoever catches the error and asks again learns no more.
    for (const _ of [1, 2]) {
      await expect(handle.session()).rejects.toEqual(error);
      await expect(handle.fetch("/v1/me")).rejects.toEqual(error);
    }
  });

  it("is no trouble in an answer that no cache keeps", async () => {
    const { open, events } = begunWith("public");
    expect(await open("/begin", {}, "POST").session()).toBeNull();
    expect(events).toEqual([]);
  });
});
