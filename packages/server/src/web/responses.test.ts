import { describe, expect, it } from "vitest";
import { empty, json, redirect } from "./responses.ts";
import { clearedCookie, setCookieLine } from "./set-cookie.ts";

describe("an answer of ours", () => {
  it("is kept by no cache, whatever it is", () => {
    const answers = [redirect(302, "/"), redirect(303, "/"), json(200, {}), json(503, {}), empty(204)];
    for (const { headers } of answers) {
      expect([headers.get("cache-control"), headers.get("vary")]).toEqual(["private, no-store", "Cookie"]);
    }
  });

  it("leads elsewhere, sets each cookie on a line of its own, and tells nobody where it came from", () => {
    const cookies = [{ name: "a", value: "1", secure: true, maxAge: 60 }, clearedCookie("b", true)];
    const { status, headers, body } = redirect(303, "/me?a=1", cookies);
    expect([status, headers.get("location"), body]).toEqual([303, "/me?a=1", null]);
    expect(headers.getSetCookie()).toEqual(cookies.map(setCookieLine));
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("says what a program can read, with the headers that go with it", async () => {
    const answer = json(503, { code: "away" }, { "retry-after": "1" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await answer.json()).toEqual({ code: "away" });
  });

  it("says nothing where there is nothing to say", async () => {
    const answer = empty(405, { allow: "POST" });
    expect([answer.status, answer.headers.get("allow"), await answer.text()]).toEqual([405, "POST", ""]);
  });
});
