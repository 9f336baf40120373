import { describe, expect, it } from "vitest";
import { incoming, settingsWith } from "../../test/settings.ts";
import { insufficientScope, loginRequired, providerUnavailable } from "../errors.ts";
import { empty, json, redirect } from "../web/responses.ts";
import { setCookieLine } from "../web/set-cookie.ts";
import { errorAnswer } from "./error-answer.ts";

const page = incoming("/me", { accept: "text/html" });
const call = incoming("/me", { accept: "application/json" });
const settings = settingsWith();

describe("an answer of ours", () => {
  it("is for this browser alone, whatever it is", async () => {
    const answers = [redirect(302, "/"), json(200, {}), empty(204), await errorAnswer(settings, page, loginRequired())];
    for (const { headers } of answers) {
      expect([headers.get("cache-control"), headers.get("vary")]).toEqual(["private, no-store", "Cookie"]);
    }
  });

  it("that redirects sends each cookie in a line of its own, and no referrer", () => {
    const cookies = ["a", "b"].map((name) => ({ name, value: "1", secure: true }));
    const { status, headers } = redirect(303, "/me", cookies);
    expect([status, headers.get("location"), headers.get("referrer-policy")]).toEqual([303, "/me", "no-referrer"]);
    expect(headers.getSetCookie()).toEqual(cookies.map(setCookieLine));
  });
});

describe("an error", () => {
  it("is a page for a person, with a way on", async () => {
    const answer = await errorAnswer(settings, page, providerUnavailable(2_500));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "3"]);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const text = await answer.text();
    for (const part of ["Nothing is lost.", 'href="/auth/login"', 'href="/"']) expect(text).toContain(part);
  });

  it("is JSON for a program, with the login's URL where a login helps", async () => {
    const nobody = await errorAnswer(settings, call, loginRequired());
    expect(nobody.headers.get("www-authenticate")).toContain("Bearer");
    expect(await nobody.json()).toMatchObject({ code: "login_required", loginUrl: "/auth/login" });
    const forbidden = await errorAnswer(settings, call, insufficientScope(["user-top-read"]));
    expect(forbidden.status).toBe(403);
    expect(await forbidden.json()).not.toHaveProperty("loginUrl");
  });

  it("is a page or JSON as the caller says, and leads to the login that the caller names", async () => {
    const options = { page: true, loginUrl: "/auth/login?returnTo=%2Fme" };
    expect(await (await errorAnswer(settings, call, loginRequired(), options)).text()).toContain(options.loginUrl);
    const answer = await errorAnswer(settings, page, loginRequired(), { page: false });
    expect(answer.headers.get("content-type")).toContain("json");
  });

  it("is JSON for what asks ahead of a person: nobody reads a page of it", async () => {
    const prefetch = incoming("/me", { accept: "text/html", "sec-purpose": "prefetch" });
    expect((await errorAnswer(settings, prefetch, loginRequired())).headers.get("content-type")).toContain("json");
  });
});

describe("the app's own error page", () => {
  it("goes out with its status and headers, as private as ours", async () => {
    const onError = () =>
      new Response("Oh no", { status: 418, headers: { "cache-control": "public", vary: "Accept" } });
    const answer = await errorAnswer(settingsWith({ onError }), page, loginRequired());
    expect([answer.status, await answer.text()]).toEqual([418, "Oh no"]);
    expect([answer.headers.get("cache-control"), answer.headers.get("vary")]).toEqual([
      "private, no-store",
      "Accept, Cookie",
    ]);
  });

  it("is asked with the error and the request, and may leave it to us", async () => {
    const seen: unknown[] = [];
    const error = loginRequired();
    const own = settingsWith({ onError: async (...given) => void seen.push(...given) as undefined });
    expect((await errorAnswer(own, call, error)).status).toBe(401);
    expect(seen).toEqual([error, call]);
  });
});
