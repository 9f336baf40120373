import { request } from "node:http";
import { type AuthorizationServer, createUserAgent, type UserAgent } from "@pixy/testing";
import { expect, it } from "vitest";

export interface ForgedRequestsTarget {
  readonly url: string;
  readonly provider: AuthorizationServer;
}

/** What an example answers to requests that a page of somebody else, or no page at all, has caused. */
export function describeForgedRequests(target: () => ForgedRequestsTarget): void {
  const at = (path: string) => `${target().url}${path}`;
  const isLoggedIn = async (browser: UserAgent) =>
    ((await browser.call(at("/auth/session"))).json() as { readonly loggedIn: boolean }).loggedIn;

  async function start(browser: UserAgent): Promise<string> {
    const page = await browser.navigate(at("/auth/login?returnTo=/me"), { follow: false });
    return target().provider.authorize(page.headers.get("location") ?? "", { person: "ada" });
  }

  it("F1 begins a login by a navigation from anywhere", async () => {
    for (const site of ["none", "same-origin", "same-site", "cross-site"]) {
      const headers = { "sec-fetch-site": site };
      const page = await createUserAgent().navigate(at("/auth/login"), { follow: false, headers });
      expect([page.status, page.setCookies.length]).toEqual([302, 1]);
    }
  });

  it("F2 F3 begins none for a part of a page, or ahead of a person", async () => {
    const browser = createUserAgent();
    for (const destination of ["image", "iframe", "script", "style", "object"]) {
      const headers = { "sec-fetch-dest": destination, "sec-fetch-site": "cross-site" };
      const page = await browser.navigate(at("/auth/login"), { follow: false, headers });
      expect([destination, page.status, page.setCookies]).toEqual([destination, 403, []]);
    }
    const fetched = { "sec-fetch-dest": "empty", "sec-fetch-mode": "cors", "sec-fetch-site": "cross-site" };
    const script = await browser.navigate(at("/auth/login"), { follow: false, headers: fetched });
    expect([script.status, script.setCookies]).toEqual([403, []]);
    for (const purpose of [{ "sec-purpose": "prefetch;prerender" }, { purpose: "prefetch" }, { "x-moz": "prefetch" }]) {
      const page = await browser.navigate(at("/auth/login"), { follow: false, headers: purpose });
      expect([page.status, page.setCookies]).toEqual([204, []]);
    }
    for (const router of [{ rsc: "1" }, { "next-router-prefetch": "1" }]) {
      const page = await browser.navigate(at("/auth/login"), { follow: false, headers: router });
      expect(page.setCookies).toEqual([]);
      expect(page.headers.get("location") ?? "").not.toContain("/authorize");
    }
  });

  it("leads back from the refresh route into the app alone, and spends nothing of nobody's", async () => {
    const browser = createUserAgent();
    for (const [returnTo, location] of [
      ["/me?a=1", "/me?a=1"],
      ["https://evil.example/", "/"],
      ["/auth/refresh", "/"],
    ] as const) {
      const path = `/auth/refresh?returnTo=${encodeURIComponent(returnTo)}`;
      const page = await browser.navigate(at(path), { follow: false, headers: { "sec-fetch-site": "cross-site" } });
      expect([page.status, page.headers.get("location"), page.setCookies]).toEqual([303, location, []]);
      expect((await browser.call(at(path), { method: "HEAD", follow: false })).status).toBe(405);
    }
    expect(target().provider.requests).toEqual([]);
  });

  it("F4 F5 F6 finishes a login by a navigation alone, and keeps it through everything else", async () => {
    const browser = createUserAgent();
    const callback = await start(browser);
    for (const destination of ["image", "iframe", "script"]) {
      const page = await browser.navigate(callback, { follow: false, headers: { "sec-fetch-dest": destination } });
      expect([page.status, page.setCookies]).toEqual([400, []]);
    }
    const ahead = await browser.navigate(callback, { follow: false, headers: { "sec-purpose": "prefetch" } });
    expect([ahead.status, ahead.setCookies]).toEqual([204, []]);
    expect((await browser.submit(callback, {}, { follow: false })).status).toBe(405);
    expect(target().provider.tokenRequests()).toEqual([]);
    const fetched = { "sec-fetch-dest": "empty", "sec-fetch-mode": "cors" };
    expect((await browser.navigate(callback, { follow: false, headers: fetched })).status).toBe(400);
    // E1: as a service worker passes it through.
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-dest": "empty" };
    expect((await browser.navigate(callback, { follow: false, headers })).status).toBe(303);
    expect(await isLoggedIn(browser)).toBe(true);
  });

  it("F8 F10 F11 F12 F14 logs out for nobody else's request", async () => {
    const browser = createUserAgent();
    await browser.navigate(await start(browser));
    const { origin, host } = new URL(at("/"));
    const forged: Record<string, string>[] = [
      ...["same-site", "cross-site", "none", "SAME-ORIGIN", "same-origin, cross-site"].map((site) => ({
        "sec-fetch-site": site,
        origin,
      })),
      ...["null", "https://evil.example", `https://${host}`, `${origin}.evil.example`, `${origin}/`, ""].map(
        (from) => ({
          "sec-fetch-site": "",
          origin: from,
        }),
      ),
    ];
    const types = ["application/x-www-form-urlencoded", "text/plain", "application/json"];
    for (const [index, headers] of forged.entries()) {
      const submit = { follow: false, headers: { ...headers, "content-type": types[index % types.length] ?? "" } };
      const page = await browser.submit(at("/auth/logout"), {}, submit);
      expect([headers, page.status, page.setCookies]).toEqual([headers, 403, []]);
    }
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      expect((await browser.call(at("/auth/logout"), { method })).status).toBe(405);
    }
    expect(await isLoggedIn(browser)).toBe(true);
  });

  it("F7 F9 logs out for a page of its own, also where the browser sends no Fetch Metadata", async () => {
    for (const headers of [
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "", origin: new URL(at("/")).origin },
    ]) {
      const browser = createUserAgent();
      await browser.navigate(await start(browser));
      const page = await browser.submit(at("/auth/logout"), {}, { follow: false, headers });
      expect(page.status).toBe(303);
      expect(await isLoggedIn(browser)).toBe(false);
    }
  });

  it("answers a stranger's path with no error of its own", async () => {
    const targets = [
      ...["/auth//login", "/auth/x/login", "/auth/%6cogin", "/AUTH/login", "//auth/login", "/auth/login/", "/auth/%ff"],
      ...[
        "/auth/%",
        "/auth/login%00",
        "/auth/..%2flogin",
        "/auth/login;x",
        `/auth/${"a".repeat(7_000)}`,
        "/auth/\u00e9",
      ],
    ];
    for (const method of ["GET", "POST", "PROPFIND"]) {
      for (const path of targets) {
        const status = await statusOf(at("/"), method, path);
        expect([method, path.slice(0, 30), status >= 300 && status < 500]).toEqual([method, path.slice(0, 30), true]);
      }
    }
  });
}

/** Sends a request line as it is given. */
function statusOf(url: string, method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, path, agent: false }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject).end();
  });
}
