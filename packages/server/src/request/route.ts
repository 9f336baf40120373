import { stripPrefix } from "../settings/base-url.ts";
import { routesBeside } from "../settings/redirect-uri.ts";
import type { Settings } from "../settings/settings.ts";
import type { Way } from "../settings/way.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";

/** `provider`: a route of a provider's own. */
export type RouteName = "login" | "refresh" | "callback" | "logout" | "session" | "provider";

/**
 * Tells which of our routes a request asks for. Compares the path as it was sent, never decoded or normalised, so that
 * no other reading of the same path exists; but a slash may stand at its end.
 */
export function routeOf<Data>(settings: Settings<Data>, request: IncomingRequest): RouteName | null {
  const { basePath, authPath } = settings;
  const path = pathOf(request, basePath);
  if (settings.ways.some((way) => way.callbackPath === path)) return "callback";
  if (!path.startsWith(`${authPath}/`)) return null;
  const name = path.slice(authPath.length + 1);
  if (name.startsWith("provider/")) return wayOfProviderRoute(settings, request) === null ? null : "provider";
  return routesBeside.find((route) => route === name) ?? null;
}

/** The way to log in whose provider a request asks by a route of its own, and the route's name. */
export function wayOfProviderRoute<Data>(
  settings: Settings<Data>,
  request: IncomingRequest,
): { readonly way: Way; readonly name: string } | null {
  const { basePath, authPath } = settings;
  const path = pathOf(request, basePath);
  for (const way of settings.ways) {
    const start = `${authPath}/provider/${way.key === null ? "" : `${way.key}/`}`;
    const name = path.startsWith(start) ? path.slice(start.length) : "";
    const { known } = way.provider;
    // Which routes it has is known once it is found.
    const isOurs = known === null ? /^[a-z0-9-]{1,64}$/.test(name) : Object.hasOwn(known.routes ?? {}, name);
    if (isOurs) return { way, name };
  }
  return null;
}

/** The way to log in whose callback a request asks for. */
export function wayOfCallback<Data>(settings: Settings<Data>, request: IncomingRequest): Way | undefined {
  const path = pathOf(request, settings.basePath);
  return settings.ways.find((way) => way.callbackPath === path);
}

/** Without a final slash, which some frameworks put behind each path, by a redirect. */
function pathOf(request: IncomingRequest, basePath: string): string {
  const query = request.url.indexOf("?");
  const path = stripPrefix(query === -1 ? request.url : request.url.slice(0, query), basePath);
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
