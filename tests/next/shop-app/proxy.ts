import { type NextRequest, NextResponse } from "next/server";
import { auth } from "./auth.ts";

const guard = auth.protect(["/account", "/de/account"]);

export const proxy = (request: NextRequest) => guard(request, localized(request));

export const config = {
  matcher: [
    {
      source: "/((?!_next/|favicon.ico$).*)",
      missing: [
        { type: "header", key: "next-router-prefetch" },
        { type: "header", key: "next-router-segment-prefetch" },
      ],
    },
  ],
};

/** What is below `/de` is the same pages, which read the language in a header. */
function localized(request: NextRequest): NextResponse {
  const url = request.nextUrl.clone();
  const [, path] = /^\/de(\/.*)$/.exec(url.pathname) ?? [];
  if (path === undefined) return NextResponse.next();
  url.pathname = path;
  const headers = new Headers(request.headers);
  headers.set("x-language", "de");
  return NextResponse.rewrite(url, { request: { headers } });
}
