import { describe, expect, it } from "vitest";
import { fromRequest, type IncomingRequest, isNavigation, isPrefetch, isSameOrigin } from "./incoming-request.ts";

const origin = "https://app.example";

function request(headers: Record<string, string>, method = "GET"): IncomingRequest {
  return fromRequest(new Request(`${origin}/me`, { method, headers }));
}

describe("fromRequest", () => {
  it("gives path and query as received, without the fragment", () => {
    const urls = ["https://app.example/a%2Fb/?x=%20&x=2#f", "http://127.0.0.1:3000?x=//y", "http://[::1]:3000/"];
    expect(urls.map((url) => fromRequest(new Request(url)).url)).toEqual(["/a%2Fb/?x=%20&x=2", "/?x=//y", "/"]);
  });

  it("C7 joins several Cookie headers as one", () => {
    const headers = new Headers();
    headers.append("cookie", "a=1");
    headers.append("cookie", "b=2");
    expect(fromRequest(new Request(origin, { headers })).header("cookie")).toBe("a=1; b=2");
  });
});

describe("isNavigation", () => {
  const navigation = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

  it("F1 F4 takes a document navigation from any site", () => {
    for (const site of ["same-origin", "same-site", "cross-site", "none"]) {
      expect(isNavigation(request({ ...navigation, "sec-fetch-site": site }))).toBe(true);
    }
  });

  it.each(["image", "iframe", "frame", "script", "embed", "object", ""])("F2 F5 refuses the destination %j", (dest) => {
    const headers = { ...navigation, "sec-fetch-dest": dest, accept: "text/html" };
    expect(isNavigation(request(headers))).toBe(false);
  });

  it("E1 takes what a service worker passes through, which a script cannot send by itself", () => {
    expect(isNavigation(request({ ...navigation, "sec-fetch-dest": "empty" }))).toBe(true);
    expect(isNavigation(request({ ...navigation, "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" }))).toBe(false);
  });

  it("F2 refuses what a script fetches, whatever destination it claims", () => {
    expect(isNavigation(request({ ...navigation, "sec-fetch-mode": "cors" }))).toBe(false);
  });

  it("refuses other methods", () => {
    for (const method of ["POST", "HEAD", "PUT"]) expect(isNavigation(request(navigation, method))).toBe(false);
  });

  it("takes Accept as a hint only without any Fetch Metadata", () => {
    const accept = "text/html,application/xhtml+xml;q=0.9";
    expect(isNavigation(request({ accept }))).toBe(true);
    expect(isNavigation(request({ accept: "Text/HTML" }))).toBe(true);
    expect(isNavigation(request({ accept: "*/*" }))).toBe(false);
    expect(isNavigation(request({}))).toBe(false);
    expect(isNavigation(request({ accept }, "HEAD"))).toBe(false);
    for (const name of ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user"]) {
      expect(isNavigation(request({ accept, [name]: "none" }))).toBe(false);
    }
  });
});

describe("isPrefetch", () => {
  it.each([
    ["sec-purpose", "prefetch"],
    ["sec-purpose", "prefetch;prerender"],
    ["sec-purpose", "prefetch;anonymous-client-ip"],
    ["purpose", "prefetch"],
    ["purpose", "Prefetch"],
    ["x-purpose", "preview"],
    ["x-moz", "prefetch"],
    ["next-router-prefetch", "1"],
    ["next-router-segment-prefetch", "/_tree"],
    ["x-middleware-prefetch", "1"],
    ["rsc", "1"],
  ])("F3 recognises %s: %s", (name, value) => {
    expect(isPrefetch(request({ [name]: value }))).toBe(true);
  });

  it("takes an ordinary navigation as none", () => {
    const headers = {
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      "sec-purpose": "",
      accept: "text/html",
    };
    expect(isPrefetch(request(headers))).toBe(false);
  });
});

describe("isSameOrigin", () => {
  const asks = (headers: Record<string, string>): boolean => isSameOrigin(request(headers, "POST"), origin);

  it("F7 accepts Sec-Fetch-Site: same-origin", () => {
    expect(asks({ "sec-fetch-site": "same-origin" })).toBe(true);
  });

  it.each(["same-site", "cross-site", "none", ""])("F8 refuses Sec-Fetch-Site: %j, whatever Origin says", (site) => {
    expect(asks({ "sec-fetch-site": site, origin })).toBe(false);
  });

  it("F9 accepts an equal Origin where no Sec-Fetch-Site came", () => {
    expect(asks({ origin })).toBe(true);
  });

  it.each([
    "null",
    "",
    "http://app.example",
    "https://app.example:444",
    "https://APP.example",
    "https://app.example/",
    "https://app.example.evil.com",
    "https://app.example, https://app.example",
  ])("F10 refuses Origin: %j", (other) => {
    expect(asks({ origin: other })).toBe(false);
  });

  it("F11 refuses a request with neither header", () => {
    expect(asks({ referer: `${origin}/`, host: "app.example" })).toBe(false);
  });

  it.each(["SAME-ORIGIN", "same-origin, cross-site", "same-origin, same-origin", "same-origin;x"])(
    "F14 refuses Sec-Fetch-Site: %s",
    (site) => {
      expect(asks({ "sec-fetch-site": site })).toBe(false);
    },
  );
});
