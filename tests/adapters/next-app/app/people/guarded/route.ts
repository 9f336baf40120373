import type { NextRequest } from "next/server";
import { authOf } from "../name-of.ts";

/** Who is not logged in gets an answer of ours. */
export const GET = (request: NextRequest) =>
  authOf().route((_request, login) => new Response(login.current.data.name))(request, undefined);
