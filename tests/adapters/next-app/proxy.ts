import type { PixyProxy } from "@pixy/next";
import { NextResponse } from "next/server";
import { instanceAt } from "./instances.ts";

export const proxy: PixyProxy = async (request, last) => {
  const { pathname } = request.nextUrl;
  // What may write cookies needs nobody in front.
  if (pathname.startsWith("/writes/")) return NextResponse.next();
  const auth = instanceAt(pathname)?.auth;
  if (auth === undefined) return NextResponse.next();
  if (pathname === "/people/gated" && (await auth.session()) === null) {
    return NextResponse.redirect(new URL("/hello?name=nobody", "https://app.example"));
  }
  return auth.proxy(request, last);
};
