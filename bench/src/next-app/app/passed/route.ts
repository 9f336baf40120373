import type { NextRequest } from "next/server";
import { GET as bare } from "../bare/route";

export function GET(request: NextRequest): Response {
  return request.headers.has("cookie") ? bare(request) : new Response(null, { status: 401 });
}
