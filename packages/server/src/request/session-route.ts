import type { Settings } from "../settings/settings.ts";
import { becomesPage, isFromOwnSite } from "../web/incoming-request.ts";
import { json } from "../web/responses.ts";
import type { Handle } from "./handle.ts";

/** Answers the session route: what a page may know of the login, and to pages of other origins that nobody is there. */
export async function sessionRoute<Data>(settings: Settings<Data>, handle: Handle<Data>): Promise<Response> {
  const { request } = handle;
  const { baseUrl, trustedOrigins } = settings;
  const isOurs = becomesPage(request) || isFromOwnSite(request, baseUrl.origin, trustedOrigins);
  return json(200, isOurs ? await handle.publicSession() : { loggedIn: false }, {
    "cross-origin-resource-policy": "same-origin",
  });
}
