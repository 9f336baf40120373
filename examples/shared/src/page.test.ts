import { describe, expect, it } from "vitest";
import { loginErrorText, renderHomePage, timeUntil } from "./page.ts";

const now = Date.UTC(2026, 10, 23, 12);
const signedOut = { framework: "Express", basePath: "/shop", visitor: null, now };

describe("renderHomePage", () => {
  it("offers the login to somebody who is signed out", () => {
    const page = renderHomePage(signedOut);
    expect(page).toContain('href="/shop/auth/login"');
    expect(page).toContain("Log in");
    expect(page).not.toContain("<form");
  });

  it("says who is there, until when, and how to leave", () => {
    const visitor = { displayName: "Ada Lovelace", expiresAt: new Date(now + 59 * 60_000), reauthDueAt: null };
    const page = renderHomePage({ ...signedOut, visitor });
    expect(page).toContain("Hello, Ada Lovelace");
    expect(page).toContain("expires in 59 minutes");
    expect(page).toContain('datetime="2026-11-23T12:59:00.000Z"');
    expect(page).toContain("never due");
    expect(page).toContain('<form method="post" action="/shop/auth/logout">');
    for (const path of ["/me", "/playlists", "/public", "/auth/session"]) expect(page).toContain(`href="/shop${path}"`);
  });

  it("calls an expired token no trouble", () => {
    const visitor = { displayName: "Ada", expiresAt: new Date(now), reauthDueAt: new Date(now + 180 * 86_400_000) };
    const page = renderHomePage({ ...signedOut, visitor });
    expect(page).toContain("expired, renewed when needed");
    expect(page).toContain("due in 180 days");
  });

  it("escapes every value", () => {
    const evil = `<script>"'&`;
    const visitor = { displayName: evil, expiresAt: null, reauthDueAt: null };
    for (const page of [
      renderHomePage({ framework: evil, basePath: evil, visitor, loginError: evil, now }),
      renderHomePage({ framework: evil, basePath: evil, visitor: null, loginError: evil, now }),
    ]) {
      expect(page).not.toContain("<script");
      expect(page).not.toContain(`"'&`);
    }
  });

  it("needs nothing from elsewhere", () => {
    expect(renderHomePage(signedOut)).not.toMatch(/https?:\/\/|<script|url\(/);
  });
});

describe("loginErrorText", () => {
  it("tells a cancelled login from one that failed", () => {
    expect(loginErrorText("access_denied")).toContain("cancelled");
    expect(loginErrorText("server_error")).toContain("trouble");
    expect(loginErrorText("x".repeat(200)).length).toBeLessThan(160);
  });
});

describe("timeUntil", () => {
  it.each([
    [90 * 86_400, "in 90 days"],
    [86_399, "in 23 hours"],
    [3599, "in 59 minutes"],
    [59, "in 59 seconds"],
    [0, "now"],
    [-120, "2 minutes ago"],
  ])("says %i seconds as %s", (seconds, text) => {
    expect(timeUntil(new Date(now + seconds * 1000), now)).toBe(text);
  });
});
