import { after, type NextRequest } from "next/server";
import { instanceAt } from "../../../instances.ts";
import { report } from "./report.ts";

/** Goes on after its answer with the login that it had. */
export async function GET(request: NextRequest): Promise<Response> {
  const auth = instanceAt("/")?.auth;
  if (auth === undefined) return new Response();
  const inRoute = auth.route((_request, login) => {
    after(() => report(login));
    return Response.json({ by: "route" });
  });
  if (request.nextUrl.searchParams.has("route")) return inRoute(request, {});
  // Nobody waits for it, as in a procedure of a stream of tRPC.
  if (request.nextUrl.searchParams.has("begun")) {
    void auth.withLogin(report);
    return Response.json({ by: "withLogin, begun" });
  }
  return auth.withLogin((login) => {
    after(() => report(login));
    return Response.json({ by: "withLogin" });
  });
}
