import { describe, expect, it } from "vitest";
import { escapeHtml, htmlPage, pageHeaders } from "./html-page.ts";

const attack = `<script>alert("1")</script>&'`;
const escaped = "&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;";

describe("a page of ours", () => {
  it("says what happened, links on, and shows the code for whoever is asked for help", () => {
    const links = [{ label: "Log in", href: "/auth/login" }];
    const page = htmlPage({ title: "Nobody is logged in.", text: "Please log in.", code: "login_required", links });
    expect(page).toMatch(/^<!doctype html><html lang="en">/);
    for (const part of [
      "<title>Nobody is logged in.</title>",
      "<h1>Nobody is logged in.</h1>",
      "<p>Please log in.</p>",
      '<a href="/auth/login">Log in</a>',
      "<code>login_required</code>",
    ]) {
      expect(page).toContain(part);
    }
  });

  it("takes no markup from any of its values", () => {
    const links = [{ label: attack, href: `/${attack}` }];
    const page = htmlPage({ title: attack, text: attack, code: attack, links });
    expect(page).not.toContain("<script");
    expect(page.split(escaped)).toHaveLength(7);
  });

  it("runs no script, loads nothing, and stands in no frame", () => {
    const page = htmlPage({ title: "", text: "", code: "", links: [] });
    expect(page).not.toMatch(/<script|src=|url\(|@import|https?:/);
    expect(pageHeaders["content-security-policy"]).toContain("default-src 'none'");
    expect(pageHeaders["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(pageHeaders).toMatchObject({ "x-frame-options": "DENY", "referrer-policy": "no-referrer" });
  });

  it("leaves a text without markup as it is", () => {
    expect(escapeHtml("Grüße, 100 %")).toBe("Grüße, 100 %");
    expect(escapeHtml(attack)).toBe(escaped);
  });
});
