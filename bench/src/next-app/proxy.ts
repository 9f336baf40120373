import { type NextFetchEvent, type NextRequest, NextResponse } from "next/server";
import { auth } from "./auth";

// What any proxy costs is measured beside ours.
export function proxy(request: NextRequest, event: NextFetchEvent) {
  return request.nextUrl.pathname === "/passed" ? NextResponse.next() : auth.proxy(request, event);
}

export const config = { matcher: ["/passed", "/proxied"] };
