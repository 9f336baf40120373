import { isLoopback } from "./base-url.ts";
import type { IncomingRequest } from "./request-kind.ts";
import type { Settings } from "./settings.ts";

/** The request's path and query as the browser sees them: with the base path, also where a proxy stripped it. */
export function publicPath<Data>(settings: Settings<Data>, request: IncomingRequest): string {
  const { basePath } = settings;
  const path = request.url;
  if (basePath === "" || path === basePath || path.startsWith(`${basePath}/`) || path.startsWith(`${basePath}?`)) {
    return path;
  }
  return `${basePath}${path}`;
}

/**
 * Where a visit to the wrong loopback name belongs, or `null` when the name is right. Cookies set on `localhost` are
 * not there on 127.0.0.1, where the provider sends the person back to. `Host` is compared here and never used to build
 * anything.
 */
export function canonicalLocation<Data>(settings: Settings<Data>, request: IncomingRequest): string | null {
  const { baseUrl } = settings;
  const host = request.header("host");
  if (host === null || host === baseUrl.host || !isLoopback(baseUrl)) return null;
  if (!URL.canParse(`http://${host}`) || !isLoopback(new URL(`http://${host}`))) return null;
  return `${baseUrl.origin}${publicPath(settings, request)}`;
}
