import { createUserAgent, type Page } from "@pixy/testing";
import { describe, expect, it } from "vitest";
import { useStage } from "./stage.ts";

const marks: readonly Readonly<Record<string, string>>[] = [
  { "next-router-prefetch": "1", rsc: "1" },
  { "next-router-prefetch": "2", rsc: "1" },
  { "next-router-segment-prefetch": "/_tree", "next-router-prefetch": "1", rsc: "1" },
  { "x-middleware-prefetch": "1" },
  { purpose: "prefetch" },
  { "sec-purpose": "prefetch" },
  { "sec-purpose": "prefetch;prerender" },
  { "x-moz": "prefetch" },
];

describe("what passes the proxy", { timeout: 60_000 }, () => {
  const stage = useStage();

  it("is left alone when it is fetched ahead", async () => {
    await stage.logInAndExpire();
    for (const mark of marks) {
      for (const path of ["/auth/login", "/auth/logout", "/profile", "/about", ...(mark.rsc ? ["/me"] : [])]) {
        const url = stage.at(mark.rsc ? `${path}?_rsc=abcde` : path);
        const answer = await (mark.rsc
          ? stage.browser.call(url, { headers: mark, follow: false })
          : stage.browser.navigate(url, { headers: mark, follow: false }));
        expect([mark, path, answer.setCookies]).toEqual([mark, path, []]);
      }
    }
    expect(stage.provider.requests).toEqual([]);
    expect(await stage.isLoggedIn()).toBe(true);
  });

  it("is left alone when it is a picture or a script", async () => {
    await stage.logInAndExpire();
    for (const destination of ["image", "script", "style", "font"]) {
      const headers = { "sec-fetch-dest": destination, "sec-fetch-mode": "no-cors" };
      expect((await stage.browser.call(stage.at("/about"), { headers })).setCookies).toEqual([]);
    }
    expect(stage.provider.requests).toEqual([]);
  });

  it("gets a new cookie with one token request, which everybody who renders it sees", async () => {
    await stage.logInAndExpire();
    const page = await stage.browser.navigate(stage.at("/profile"));
    expect(page.status).toBe(200);
    expect(page.body).toContain("Ada Lovelace");
    expect(page.setCookies).toHaveLength(1);
    expect(page.headers.get("cache-control")).toMatch(/private.*no-store/);
    expect((await stage.browser.call(stage.at("/me"))).status).toBe(200);
    expect((await stage.browser.navigate(stage.at("/profile"))).setCookies).toEqual([]);
    expect(stage.refreshes()).toBe(1);
    expect(stage.provider.violations).toEqual([]);
  });

  it("renders when the provider is away", async () => {
    await stage.logInAndExpire();
    stage.provider.fault({ at: "token", kind: "status", status: 503 });
    const page = await stage.browser.navigate(stage.at("/about"));
    expect([page.status, page.setCookies]).toEqual([200, []]);
    stage.provider.clearFaults();
  });

  it("is sent to the login with the path that was asked for, whatever the client says", async () => {
    const headers = { "x-pixy-path": "/somewhere-else" };
    const page = await stage.browser.navigate(stage.at("/profile?a=1"), { follow: false, headers });
    expect([302, 307]).toContain(page.status);
    const location = new URL(page.headers.get("location") ?? "");
    expect([location.origin, location.pathname]).toEqual([new URL(stage.at("/")).origin, "/auth/login"]);
    expect(location.searchParams.get("returnTo")).toBe("/profile?a=1");
  });

  it("D3 is sent to the login, and back to the start page, where its path is too long for a header", async () => {
    const page = await stage.browser.navigate(stage.at(`/profile?${"%25".repeat(4_000)}`), { follow: false });
    expect(new URL(page.headers.get("location") ?? "").search).toBe("?returnTo=%2F");
  });

  it("never has a cookie where a shared cache may keep it", async () => {
    const cache = new Map<string, Page>();
    const through = async (path: string, browser = stage.browser): Promise<Page> => {
      const kept = cache.get(path);
      if (kept) return kept;
      const page = await browser.navigate(stage.at(path));
      const control = page.headers.get("cache-control") ?? "";
      if (/s-maxage|public|max-age=[1-9]/.test(control) && !/private|no-store/.test(control)) cache.set(path, page);
      return page;
    };
    await stage.logInAndExpire();
    for (const path of ["/about", "/", "/profile", "/me"]) {
      const own = await through(path);
      if (path === "/about") expect(own.setCookies).toHaveLength(1);
      const stranger = await through(path, createUserAgent());
      expect(stranger.setCookies.filter((line) => /^pixy-next(\.\d)?=/.test(line))).toEqual([]);
      expect(stranger.body).not.toContain("Ada Lovelace</h1>");
    }
    // With nothing to change the static page is as cacheable as it was, also for somebody who is logged in.
    expect((await stage.browser.navigate(stage.at("/about"))).headers.get("cache-control")).toContain("s-maxage");
    expect(cache.has("/about")).toBe(true);
  });
});

describe("what goes round the proxy", { timeout: 60_000 }, () => {
  const stage = useStage();
  const subrequest = ["proxy", "middleware", "src/middleware"];

  it.each([
    {},
    { rsc: "1" },
    { rsc: "1", "next-router-prefetch": "1" },
    { rsc: "1", "next-router-state-tree": "%5B%22%22%2C%7B%7D%5D" },
    { "x-nextjs-data": "1" },
    { "x-pixy-path": "/public" },
    { "x-invoke-path": "/public", "x-matched-path": "/public" },
    ...subrequest.map((name) => ({ "x-middleware-subrequest": Array(5).fill(name).join(":") })),
  ])("reaches no protected data: %o", async (headers) => {
    const paths = ["/profile", "//profile", "/%70rofile", "/profile/", "/PROFILE", "/profile;x", "/profile%2f"].concat(
      ["/profile.rsc", "/profile?_rsc=abcde", "/profile.segments/_tree.segment.rsc", "/profile?nxtPpixy=x"],
      [
        "/me",
        "//me",
        "/%6de",
        "/me/",
        "/me.rsc",
        "/me?_rsc=abcde",
        "/public/../me",
        "/_next/../me",
        "/_next/data/x/me.json",
      ],
    );
    for (const path of paths) {
      for (const accept of ["text/html", "*/*"]) {
        const answer = await stage.browser.call(stage.at(path), { follow: false, headers: { ...headers, accept } });
        expect([path, answer.body.includes("Ask the provider again"), answer.setCookies]).toEqual([path, false, []]);
        expect([path, answer.status === 200 && path.includes("me") && !answer.body.includes("NEXT_REDIRECT")]).toEqual([
          path,
          false,
        ]);
      }
    }
    expect(stage.provider.requests).toEqual([]);
  });
});
