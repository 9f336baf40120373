import { describe, expect, it } from "vitest";
import { cookiePairs } from "../../test/cookie-pairs.ts";
import { settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import { nobody, readSessionCookie } from "./found.ts";
import { sessionCookies } from "./session-cookie.ts";

function world() {
  const events: PixyEvent[] = [];
  const settings = settingsWith({ onEvent: (event) => void events.push(event) });
  return { events, settings, read: (header: string | null) => readSessionCookie(settings, header) };
}

describe("the session's cookie in a request", () => {
  it("is its value, put together again where it came in parts", () => {
    const { settings, read } = world();
    for (const value of ["short", "x".repeat(6_000)]) {
      const cookies = sessionCookies(settings, { key: "key", value, endsAt: Date.now() + 60_000 }, []);
      const pairs = cookies.map((cookie) => cookiePairs([cookie]));
      expect(read(["theme=dark", ...pairs.reverse()].join("; "))).toBe(value);
    }
  });

  it("leads to nobody where there is none, and nothing is told", () => {
    const { events, read } = world();
    const headers = [null, "", "theme=dark", "x__Host-pixy=1", "__Host-pixy-login-abcdefghijkl=x"];
    for (const header of headers) expect(read(header)).toEqual(nobody);
    expect(events).toEqual([]);
  });

  it("is told of and cleared where it is broken", () => {
    const { events, read } = world();
    expect(read("__Host-pixy=a; __Host-pixy=b")).toEqual({ ...nobody, clear: true });
    expect(events).toEqual([expect.objectContaining({ type: "cookie.rejected" })]);
  });
});
