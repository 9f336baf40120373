import { stripPrefix } from "../settings/base-url.ts";
import type { Settings } from "../settings/settings.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";

export type RouteName = "login" | "callback" | "logout" | "session";

/**
 * Tells which of our routes a request asks for. Compares the path as it was sent, never decoded or normalised, so that
 * no other reading of the same path exists.
 */
export function routeOf<Data>(settings: Settings<Data>, request: IncomingRequest): RouteName | null {
  const { basePath, authPath, callbackPath } = settings;
  const query = request.url.indexOf("?");
  const path = stripPrefix(query === -1 ? request.url : request.url.slice(0, query), basePath);
  if (path === callbackPath) return "callback";
  if (!path.startsWith(`${authPath}/`)) return null;
  const name = path.slice(authPath.length + 1);
  return name === "login" || name === "logout" || name === "session" ? name : null;
}
