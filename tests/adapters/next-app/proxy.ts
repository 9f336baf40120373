import type { PixyProxy } from "@pixy/next";
import { NextResponse } from "next/server";
import { instanceAt } from "./instances.ts";

export const proxy: PixyProxy = async (request, last) =>
  instanceAt(request.nextUrl.pathname)?.auth.proxy(request, last) ?? NextResponse.next();
