import { describe, expect, it } from "vitest";
import { ResourceRequestError } from "./errors.ts";
import { type Hop, nextHop } from "./redirects.ts";

const api = "https://api.example";
const origins = new Set([api, "https://files.example", "http://127.0.0.1:1", "http://127.0.0.1:2"]);
const body = {
  "content-encoding": "gzip",
  "content-language": "en",
  "content-length": "1",
  "content-location": "/x",
  "content-type": "text/plain",
};
const readable = {
  accept: "text/plain",
  "accept-encoding": "identity",
  "accept-language": "en",
  "if-range": '"1"',
  range: "bytes=1-",
};
const own = { cookie: "a=1", host: "api.example", "proxy-authorization": "Basic YTpi" };
const app = {
  "if-none-match": '"1"',
  origin: "https://app.example",
  referer: "https://app.example/",
  "user-agent": "app (ada@app.example)",
  "x-accept": "1",
  "x-api-key": "key",
  "x-range": "1",
};

/** `POST https://api.example/a` and what an answer with this status and Location makes of it, in words. */
function outcome(from: string, status: number, location: string | null, changes: Partial<Hop> = {}): string {
  const [method = "", url = ""] = from.split(" ");
  const kind = ["GET", "HEAD", "get", "head"].includes(method) ? "none" : "repeatable";
  const hop: Hop = {
    ...{ url: new URL(url), method, headers: new Headers(), body: kind, trusted: true, redirects: 0 },
    ...changes,
  };
  const headers = new Headers(location === null ? {} : { Location: location });
  return inWords(nextHop(hop, { status, headers, type: "basic", redirected: false }, undefined, origins));
}

function inWords(next: Hop | ResourceRequestError | null): string {
  if (next === null) return "handed through";
  if (next instanceof ResourceRequestError) return next.message;
  const { method, url, trusted } = next;
  return `${method} ${url.href}${next.body === "none" ? "" : `, ${next.body} body`}${trusted ? ", token" : ""}`;
}

const hidden = { status: 0, type: "opaqueredirect" } as const;
const followed = { status: 200, redirected: true } as const;
const refused = (reason: string): string => `A redirect is not followed: ${reason}.`;

describe("nextHop", () => {
  it.each([
    // Statuses that are no redirect, and an answer that leads nowhere.
    [`GET ${api}/a`, 200, "/b", "handed through"],
    [`POST ${api}/a`, 201, "/b", "handed through"],
    [`GET ${api}/a`, 300, "/b", "handed through"],
    [`GET ${api}/a`, 304, "/b", "handed through"],
    [`GET ${api}/a`, 302, null, "handed through"],
    // Methods and bodies.
    [`GET ${api}/a`, 301, "/b", `GET ${api}/b, token`],
    [`HEAD ${api}/a`, 303, "/b", `HEAD ${api}/b, token`],
    [`GET ${api}/a`, 303, "/b", `GET ${api}/b, token`],
    [`get ${api}/a`, 303, "/b", `get ${api}/b, token`],
    [`head ${api}/a`, 303, "https://cdn.example/", "head https://cdn.example/"],
    [`POST ${api}/a`, 301, "/b", `GET ${api}/b, token`],
    [`POST ${api}/a`, 302, "/b", `GET ${api}/b, token`],
    [`post ${api}/a`, 302, "/b", `GET ${api}/b, token`],
    [`POST ${api}/a`, 303, "/b", `GET ${api}/b, token`],
    [`POST ${api}/a`, 307, "/b", `POST ${api}/b, repeatable body, token`],
    [`POST ${api}/a`, 308, "/b", `POST ${api}/b, repeatable body, token`],
    [`PUT ${api}/a`, 301, "/b", `PUT ${api}/b, repeatable body, token`],
    [`PUT ${api}/a`, 302, "/b", `PUT ${api}/b, repeatable body, token`],
    [`PUT ${api}/a`, 303, "/b", `GET ${api}/b, token`],
    // Origins.
    [`GET ${api}/a`, 302, "https://files.example/b", "GET https://files.example/b, token"],
    [`POST ${api}/a`, 307, "https://files.example/b", "POST https://files.example/b, repeatable body, token"],
    [`GET ${api}/a`, 307, "https://cdn.example/b", "GET https://cdn.example/b"],
    [`GET ${api}/a`, 307, "//cdn.example/b", "GET https://cdn.example/b"],
    [`GET ${api}/a`, 302, "https://api.example:444/b", "GET https://api.example:444/b"],
    [`POST ${api}/a`, 302, "https://cdn.example/b", "GET https://cdn.example/b"],
    [`PUT ${api}/a`, 303, "https://cdn.example/b", "GET https://cdn.example/b"],
    [`PUT ${api}/a`, 302, "https://cdn.example/b", refused("it takes a PUT to another origin")],
    [`post ${api}/a`, 307, "https://cdn.example/b", refused("it takes a POST to another origin")],
    [`DELETE ${api}/a`, 308, "https://cdn.example/b", refused("it takes a DELETE to another origin")],
    // Schemes.
    [`GET ${api}/a`, 302, "file:///etc/passwd", refused("it leads to file: and not to https:")],
    [`GET ${api}/a`, 302, "data:text/plain,x", refused("it leads to data: and not to https:")],
    [`GET ${api}/a`, 302, "blob:https://api.example/x", refused("it leads to blob: and not to https:")],
    [`GET ${api}/a`, 302, "javascript:alert(1)", refused("it leads to javascript: and not to https:")],
    [`GET ${api}/a`, 302, "ftp://api.example/", refused("it leads to ftp: and not to https:")],
    [`GET ${api}/a`, 302, "ws://127.0.0.1:1/", refused("it leads to ws: and not to https:")],
    [`GET ${api}/a`, 302, "http://api.example/a", refused("it leads to http: and not to https:")],
    [`GET ${api}/a`, 302, "http://127.0.0.1:1/", refused("it leads to http: and not to https:")],
    ["GET http://127.0.0.1:1/", 302, "http://127.0.0.1:2/", "GET http://127.0.0.1:2/, token"],
    ["GET http://127.0.0.1:1/", 302, "http://127.0.0.1:3/", "GET http://127.0.0.1:3/"],
    ["GET http://127.0.0.1:1/", 302, "https://cdn.example/", "GET https://cdn.example/"],
    ["GET http://127.0.0.1:1/", 302, "http://cdn.example/", refused("it leads to http: and not to https:")],
    ["GET http://127.0.0.1:1/", 302, "file:///etc/passwd", refused("it leads to file: and not to https:")],
    // What else a Location may be.
    [`GET ${api}/a`, 302, "https://", refused("its Location is no URL")],
    [`GET ${api}/a`, 302, "https://ada@api.example/", refused("its Location has a user name or a password")],
    [`GET ${api}/a`, 302, "https://:pw@api.example/", refused("its Location has a user name or a password")],
    [`GET ${api}/a#here`, 302, "/b", `GET ${api}/b#here, token`],
    [`GET ${api}/a#here`, 302, "/b#there", `GET ${api}/b#there, token`],
  ])("B3 %s, answered by %i to %s: %s", (from, status, location, expected) => {
    expect(outcome(from, status, location)).toBe(expected);
  });

  it("B3 takes no token along once a chain has left, also when it comes back", () => {
    const changes = { trusted: false, redirects: 1 };
    expect(outcome("GET https://cdn.example/a", 302, `${api}/b`, changes)).toBe(`GET ${api}/b`);
    expect(outcome(`GET ${api}/b`, 302, "/c", changes)).toBe(`GET ${api}/c`);
  });

  it("B3 asks for no stream twice", () => {
    const changes = { body: "stream" } as const;
    expect(outcome(`POST ${api}/a`, 307, "/b", changes)).toBe(refused("it asks for a stream a second time"));
    expect(outcome(`POST ${api}/a`, 303, "/b", changes)).toBe(`GET ${api}/b, token`);
  });

  it("B3 follows five redirects, and no sixth", () => {
    expect(outcome(`GET ${api}/a`, 302, "/b", { redirects: 4 })).toBe(`GET ${api}/b, token`);
    expect(outcome(`GET ${api}/a`, 302, "/b", { redirects: 5 })).toBe(refused("five were followed before"));
    const first: Hop = {
      ...{ url: new URL(api), method: "GET", headers: new Headers(), body: "none", trusted: true, redirects: 0 },
    };
    const answer = { status: 302, headers: new Headers({ Location: "/" }), type: "basic", redirected: false } as const;
    expect(nextHop(first, answer, undefined, origins)).toMatchObject({ redirects: 1 });
  });

  it.each([
    ["the same origin", "GET", 302, "/b", true, { ...body, ...readable, ...own, ...app }],
    ["the same origin, without the body", "POST", 302, "/b", true, { ...readable, ...own, ...app }],
    ["another allowed origin", "GET", 302, "https://files.example/", true, { ...body, ...readable, ...app }],
    ["any other origin", "GET", 302, "https://cdn.example/", true, readable],
    ["where a chain that had left comes back to", "GET", 302, "/b", false, readable],
  ])("B3 to %s takes these headers along", (_where, method, status, location, trusted, expected) => {
    const headers = new Headers({ ...body, ...readable, ...own, ...app });
    const hop: Hop = { url: new URL(api), method, headers, body: "none", trusted, redirects: 0 };
    const answer = { status, headers: new Headers({ Location: location }), type: "basic", redirected: false } as const;
    const next = nextHop(hop, answer, "follow", origins) as Hop;
    expect(Object.fromEntries(next.headers)).toEqual(expected);
    expect([...headers]).toHaveLength(20);
  });

  it.each([
    ["a redirect", { status: 302 }, "follow", `GET ${api}/b, token`],
    ["a redirect", { status: 302 }, "manual", "handed through"],
    ["a redirect", { status: 302 }, "error", refused('the request has redirect: "error"')],
    ["no redirect", { status: 200 }, "error", "handed through"],
    ["one that a browser hides", hidden, "manual", "handed through"],
    ["one that a browser hides", hidden, "follow", refused("this fetch does not show where it leads")],
    ["one that a browser hides", hidden, "error", refused('the request has redirect: "error"')],
    ["one that fetch has followed", followed, undefined, refused("this fetch does not show where it leads")],
  ] as const)("B3 takes %s (%o) under %s as it should", (_what, given, mode, expected) => {
    const headers = new Headers(given.status === 0 ? {} : { Location: "/b" });
    const hop: Hop = { url: new URL(api), method: "GET", headers, body: "none", trusted: true, redirects: 0 };
    const answer = { headers, type: "basic", redirected: false, ...given } as const;
    expect(inWords(nextHop(hop, answer, mode, origins))).toBe(expected);
  });

  it("B3 refuses with a code and a hint, and without what the Location holds", () => {
    const headers = new Headers({ Location: "https://ada:canary@cdn.example/canary?token=canary" });
    const hop: Hop = { url: new URL(api), method: "GET", headers, body: "none", trusted: true, redirects: 0 };
    const error = nextHop(hop, { status: 302, headers, type: "basic", redirected: false }, "follow", origins);
    expect(error).toMatchObject({ name: "ResourceRequestError", code: "redirect_refused" });
    expect((error as ResourceRequestError).hint).toContain('redirect: "manual"');
    expect(`${(error as ResourceRequestError).stack}${JSON.stringify(error)}`).not.toContain("canary");
  });
});
