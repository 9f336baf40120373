import { json } from "../web/responses.ts";
import type { Handle } from "./handle.ts";

/** Answers the session route: what a page may know of the login, and never a token. */
export async function sessionRoute<Data>(handle: Handle<Data>): Promise<Response> {
  const session = await handle.session();
  return json(
    200,
    session === null
      ? { loggedIn: false }
      : {
          loggedIn: true,
          id: session.id,
          ...(session.provider === null ? {} : { provider: session.provider }),
          clientId: session.clientId,
          scope: session.scope,
          expiresAt: session.expiresAt,
          authorizedAt: session.authorizedAt,
          reauthDueAt: session.reauthDueAt,
          createdAt: session.createdAt,
          ...(handle.reauthNeeded ? { reauthNeeded: true } : {}),
        },
  );
}
