import { RequestError, type SignedIn } from "@pixy/next";
import type { AdapterProfile } from "@pixy/testing";
import type { NextRequest } from "next/server";
import { instanceAt } from "../../../instances.ts";

/** A Route Handler without the guard, as tRPC has one: `?optional`, `?scope=…`, `?throws`. */
export async function GET(request: NextRequest): Promise<Response> {
  const { searchParams } = request.nextUrl;
  const auth = instanceAt("/")?.auth;
  const scope = searchParams.getAll("scope");
  const run = async (login: SignedIn<AdapterProfile> | null) => {
    const status = login === null ? null : (await login.fetch("/v1/me")).status;
    if (searchParams.has("throws")) throw new RangeError("The app's own.");
    return Response.json({ status });
  };
  try {
    return (await auth?.withLogin(run, { scope, optional: searchParams.has("optional") })) ?? new Response();
  } catch (error) {
    const code = RequestError.isInstance(error) ? error.code : "the app's own";
    return Response.json({ code }, { status: RequestError.isInstance(error) ? error.status : 500 });
  }
}
