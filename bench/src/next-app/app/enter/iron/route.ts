import type { NextRequest } from "next/server";
import { bench } from "../../../bench";
import { ironSession } from "../../../iron";

export async function GET(request: NextRequest): Promise<Response> {
  const session = await ironSession();
  Object.assign(session, { name: bench().nameOf(request.nextUrl.searchParams.get("person")), tokens: bench().tokens });
  await session.save();
  return new Response(null);
}
