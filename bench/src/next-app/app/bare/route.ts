import type { NextRequest } from "next/server";
import { bench } from "../../bench";

// As dynamic as the others, or Next would answer at build time.
export function GET(request: NextRequest): Response {
  return Response.json(bench().body(bench().nameOf(request.nextUrl.searchParams.get("person") ?? 0)));
}
