import type { RouteOptions } from "@pixy/next";
import type { NextRequest } from "next/server";
import { type Instance, instanceAt, userOf } from "../../instances.ts";

type Handler = (request: NextRequest, context: unknown) => Response | Promise<Response>;

/** The contract's app. One file serves every path, because the paths of the instances are known when a test starts. */
function routesOf({ auth, basePath, grants }: Instance): Readonly<Record<string, Handler>> {
  const fetching = (path: string, options?: RouteOptions, headers: HeadersInit = {}): Handler =>
    auth.route(async (_request, login) => {
      const answer = await login.fetch(path);
      return Response.json(await answer.json(), { status: answer.status, headers });
    }, options);
  const name = async () => (await auth.session())?.data.name ?? null;
  return {
    "/public": () => Response.json({ ok: true }),
    "/": async () => Response.json({ name: await name() }),
    "/own-cache": async () =>
      Response.json({ name: await name() }, { headers: { "cache-control": "public, max-age=60, no-transform" } }),
    "/connect": (request) => auth.connect(request, { owner: userOf(request), returnTo: `${basePath}/connected` }),
    "/connected": async (request) => {
      const owner = userOf(request);
      return Response.json({ connected: owner !== null && (await grants?.has({ owner })) });
    },
    "/me": fetching("/v1/me"),
    "/playlists": fetching("/v1/me/playlists", { scope: ["playlist-read-private"] }),
    // The one thing that answers errors of ours on Next is `route`, and that is the guard too.
    "/unguarded": fetching("/v1/me"),
    "/streaming": auth.route((_request, login) => {
      const asked = login.fetch("/v1/me");
      const text = asked.then(
        ({ status }) => String(status),
        (error) => error.code,
      );
      const start = async (controller: ReadableStreamDefaultController) => {
        controller.enqueue(new TextEncoder().encode(await text));
        controller.close();
      };
      return new Response(new ReadableStream({ start }));
    }),
    "/own-cookie": fetching("/v1/me", {}, { "set-cookie": "own=1; Path=/", vary: "Accept" }),
  };
}

const notFound = (): Response => new Response(null, { status: 404 });

async function answer(request: NextRequest, context: unknown): Promise<Response> {
  const { pathname } = request.nextUrl;
  const instance = instanceAt(pathname);
  if (instance === undefined) return notFound();
  const path = pathname.slice(instance.basePath.length) || "/";
  if (path.startsWith("/auth/")) return instance.auth.handlers[request.method === "POST" ? "POST" : "GET"](request);
  return (routesOf(instance)[path] ?? notFound)(request, context);
}

export { answer as GET, answer as POST };
