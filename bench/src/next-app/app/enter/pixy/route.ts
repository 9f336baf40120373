import { issueSession } from "@pixy/server";
import type { NextRequest } from "next/server";
import { options } from "../../../auth";
import { bench } from "../../../bench";

export async function GET(request: NextRequest): Promise<Response> {
  const data = { name: bench().nameOf(request.nextUrl.searchParams.get("person")) };
  const headers = new Headers();
  for (const line of await issueSession(options(), { tokens: bench().tokens, data }))
    headers.append("set-cookie", line);
  return new Response(null, { headers });
}
