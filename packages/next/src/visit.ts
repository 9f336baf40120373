import type { IncomingRequest } from "@pixy/server";
import { cookies, headers } from "next/headers.js";
import { NextResponse } from "next/server.js";
import { pathHeader } from "./forwarded-path.ts";

type Cookies = Awaited<ReturnType<typeof cookies>>;
type Lines = Iterable<readonly [name: string, value: string]>;

/** What Next tells a component or a Server Action of the request: it has no request object there. */
export interface Visit {
  readonly cookies: Cookies;
  readonly request: IncomingRequest;
}

/** Asks Next for the request. While a page is built, this is where Next turns to rendering it on request. */
export async function visit(method: "GET" | "POST"): Promise<Visit> {
  const [jar, lines] = [await cookies(), await headers()];
  return {
    cookies: jar,
    request: {
      method,
      url: lines.get(pathHeader) ?? "/",
      // Not the header as it came: after a Server Action changed a cookie, only `cookies()` knows.
      header: (name) => (name === "cookie" ? cookieHeader(jar) : lines.get(name)),
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

function cookieHeader(jar: Cookies): string | null {
  // Next has decoded the values, so one that holds a semicolon must not become a second cookie.
  const pairs = jar.getAll().map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? null : pairs.join("; ");
}
