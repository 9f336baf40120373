import { type IncomingRequest, replaceCookies } from "@pixy/server";
import { cookies, headers } from "next/headers.js";
import { NextRequest, NextResponse } from "next/server.js";
import { pathBeforeRewrite, pathHeader, pathOf } from "./forwarded-path.ts";
import { nodeRequest } from "./node-request.ts";

type Cookies = Awaited<ReturnType<typeof cookies>>;
type Lines = Iterable<readonly [name: string, value: string]>;

/** What Next tells a component or a Server Action of the request: it has no request object there. */
export interface Visit {
  readonly cookies: Cookies;
  readonly request: IncomingRequest;
  /** The path of the page, where Node or the proxy tells it. */
  readonly path: string | null;
  /** Whether cookies can be set here: not while a page is rendered. */
  readonly canSetCookies: boolean;
  /** Whether the headers of the answer have left, where Node serves: then no cookie reaches the browser. */
  hasAnswered(): boolean;
}

/** Asks Next for the request. While a page is built, this is where Next turns to rendering it on request. */
export async function visit(method: "GET" | "POST"): Promise<Visit> {
  const [jar, lines] = [await cookies(), await headers()];
  const served = nodeRequest();
  // Without both nobody knows the path of a page.
  const path = pathBeforeRewrite(lines) ?? (served === undefined ? lines.get(pathHeader) : pathOf(served.url));
  return {
    cookies: jar,
    path,
    // Next gives a page one function for both, which throws.
    canSetCookies: jar.set !== jar.delete,
    hasAnswered: () => served !== undefined && served.response.deref()?.headersSent !== false,
    request: {
      method,
      url: path ?? "/",
      header: (name) => (name === "cookie" ? cookieHeader(lines.get(name), jar) : lines.get(name)),
    },
  };
}

/** Sets the cookies of `lines` where Next lets them be set: in Server Actions and Route Handlers. */
export function keepCookies(jar: Cookies, lines: Lines): number {
  const carrier = new Headers();
  for (const [name, value] of lines) if (name === "set-cookie") carrier.append(name, value);
  const changed = new NextResponse(null, { headers: carrier }).cookies.getAll();
  // Next reads an empty value and a Max-Age of 0 as none at all.
  for (const cookie of changed) jar.set(cookie.value ? cookie : { ...cookie, value: "", expires: new Date(0) });
  return changed.length;
}

/**
 * The Cookie header as it came, because Next keeps one of two cookies with the same name and decodes it; and in it what
 * a proxy or a Server Action has changed since, which only `cookies()` knows.
 */
function cookieHeader(sent: string | null, jar: Cookies): string | null {
  const before = new NextRequest("http://localhost", sent === null ? {} : { headers: { cookie: sent } }).cookies;
  const names = new Set([...before.getAll(), ...jar.getAll()].map(({ name }) => name));
  const changed = [...names].filter((name) => before.get(name)?.value !== jar.get(name)?.value);
  if (changed.length === 0) return sent;
  const pairs = changed.map((name) => `${name}=${encodeURIComponent(jar.get(name)?.value ?? "")}`);
  return replaceCookies(sent, (name) => changed.includes(name), pairs);
}
