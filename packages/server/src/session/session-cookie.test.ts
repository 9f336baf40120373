import { describe, expect, it } from "vitest";
import { moment } from "../../test/content.ts";
import { cookiePairs } from "../../test/cookie-pairs.ts";
import { settingsWith } from "../../test/settings.ts";
import { readCookies } from "../web/cookies.ts";
import { setCookieLine } from "../web/set-cookie.ts";
import { clearSessionCookies, sessionCookies } from "./session-cookie.ts";

const settings = settingsWith({ now: () => moment });
const issued = (value: string, endsAt = moment + 3_600_000) => ({ key: "key", value, endsAt });

describe("the session's cookie", () => {
  it("is the app's alone, and no script's", () => {
    expect(sessionCookies(settings, issued("value"), []).map(setCookieLine)).toEqual([
      "__Host-pixy=value; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax",
    ]);
  });

  it("never lives longer than the session, and a second at least", () => {
    const ages = [43_200_999, 1_500, 999, 0, -86_400_000].map(
      (left) => sessionCookies(settings, issued("value", moment + left), [])[0]?.maxAge,
    );
    expect(ages).toEqual([43_200, 1, 1, 1, 1]);
  });

  it("goes with the browser where the app says so, in one cookie and in two", () => {
    const brief = settingsWith({ now: () => moment, session: { persistent: false } });
    expect(sessionCookies(brief, issued("value"), []).map(setCookieLine)).toEqual([
      "__Host-pixy=value; Path=/; HttpOnly; Secure; SameSite=Lax",
    ]);
    const parts = sessionCookies(brief, issued("x".repeat(5_000)), []);
    expect(parts.map((part) => "maxAge" in part)).toEqual([false, false]);
  });

  it("takes the parts away that the new value does not need", () => {
    const long = sessionCookies(settings, issued("x".repeat(5_000)), []);
    expect(long.length).toBeGreaterThan(1);
    const header = cookiePairs(long);
    const short = sessionCookies(settings, issued("short"), readCookies(header, "__Host-pixy"));
    expect(short.filter(({ maxAge }) => maxAge === 0).length).toBeGreaterThan(0);
    expect(short.filter(({ maxAge }) => maxAge !== 0)).toMatchObject([{ value: "short" }]);
  });

  it("is cleared as the request has brought it", () => {
    const present = readCookies("__Host-pixy=value; theme=dark", "__Host-pixy");
    expect(clearSessionCookies(settings, present)).toMatchObject([{ name: "__Host-pixy", value: "", maxAge: 0 }]);
  });
});
