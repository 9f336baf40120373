import { type Auth, checkGuardOptions, isPrefetch, printableError, type SignedIn } from "@pixy/server";
import type { NextRequest } from "next/server.js";
import { incomingOf } from "./incoming.ts";
import { checkAnswer, refusePagesRouter } from "./misuse.ts";
import { makePrivate } from "./outgoing.ts";
import { withLines } from "./response.ts";
import { keepCookies, visit } from "./visit.ts";

export interface RouteOptions {
  /** Scopes that the route needs: a navigation without them asks for consent, a call gets 403. */
  readonly scope?: readonly string[] | undefined;
  /** Takes unsafe requests from pages of other sites, too. */
  readonly crossSite?: "allow" | undefined;
}

/** A Route Handler that is given the login; `context` has the route's parameters. */
export type GuardedHandler<Data = unknown, Context = unknown, Key extends string | null = string | null> = (
  request: NextRequest,
  login: SignedIn<Data, Key>,
  context: Context,
) => Response | Promise<Response>;

/** Puts a Route Handler behind the guard, and what the login changed onto its answer. */
export function createRoute<Data, Context, Key extends string | null>(
  authOf: () => Auth<Data, Key>,
  handler: GuardedHandler<Data, Context, Key>,
  { scope, ...guard }: RouteOptions = {},
): (request: NextRequest, context: Context) => Promise<Response> {
  checkGuardOptions(guard, scope);
  return async function pixyRoute(request, context) {
    refusePagesRouter(request);
    const incoming = incomingOf(request);
    const { cookies } = await visit("GET");
    const auth = authOf();
    // What is fetched ahead spends no refresh token. Asked once, because the handle outlives the request.
    const isAwaited = !isPrefetch(incoming);
    let isOver = false;
    const handle = auth.open(incoming, { canSetCookies: () => isAwaited && !isOver, onRead: makePrivate });
    try {
      // Next's router cannot use what a Route Handler answers: after a click it navigates, before one it discards.
      if (incoming.header("rsc") !== null && (await handle.session()))
        return withLines(discarded(), handle.takeResponseHeaders());
      const login = await (scope ? auth.requireScope(handle, scope, guard) : auth.requireLogin(handle, guard));
      if (login instanceof Response) return login;
      const response = checkAnswer(await handler(request, login, context), request);
      await handle.settled();
      isOver = true;
      return withLines(response, handle.takeResponseHeaders());
    } catch (error) {
      // What was asked for beside it may have begun a refresh, whose cookie goes along here or not at all.
      await handle.settled();
      isOver = true;
      const response = auth.errorResponse(error, handle);
      if (response) return response;
      const lines = handle.takeResponseHeaders();
      // Next keeps cookies of a handler that throws `redirect()`, and drops those of any other throw: with them a
      // refresh token that cannot be had again.
      if (keepCookies(cookies, lines) === 0 || digestOf(error).startsWith("NEXT_REDIRECT")) throw error;
      const status = Number(/^NEXT_HTTP_ERROR_FALLBACK;(\d{3})$/.exec(digestOf(error))?.[1] ?? 500);
      if (status === 500) console.error(printableError(error));
      return withLines(
        new Response(null, { status }),
        lines.filter(([name]) => name !== "set-cookie"),
      );
    }
  };
}

function discarded(): Response {
  return new Response("", { headers: { "content-type": "text/plain; charset=utf-8" } });
}

function digestOf(error: unknown): string {
  return error instanceof Error && "digest" in error ? String(error.digest) : "";
}
