import { isLoopback } from "../settings/base-url.ts";
import type { Settings } from "../settings/settings.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { type ReturnPath, readReturnPath } from "../web/return-path.ts";

/** The request's path and query as the browser sees them: with the base path, also where a proxy stripped it. */
export function publicPath<Data>(settings: Settings<Data>, request: IncomingRequest): string {
  const { basePath } = settings;
  const path = request.url;
  if (basePath === "" || path === basePath || path.startsWith(`${basePath}/`) || path.startsWith(`${basePath}?`)) {
    return path;
  }
  return `${basePath}${path}`;
}

/** The path to lead back to after a login that began at this address of the app; the start page where that cannot be. */
export function returnPathOf<Data>({ baseUrl, homeUrl }: Settings<Data>, address: string): ReturnPath {
  // Browsers send a backslash behind the path as it is. There it is no slash, and encoded the query is the same.
  const sent = address.replace(/[?#].*/s, (rest) => rest.replaceAll("\\", "%5C"));
  return readReturnPath(sent, baseUrl) ?? homeUrl;
}

// Whoever sees it and still another Host has a proxy in front that writes the Host anew: a second redirect would be one
// of an endless row.
const marker = "?redirected=1";

/**
 * Where a visit to the wrong loopback name belongs, or `null` when the name is right. Cookies set on `localhost` are
 * not there on 127.0.0.1, where the provider sends the person back to; they ignore ports, so ports are not compared.
 * `Host` is compared here and never used to build anything. Nobody is sent twice.
 *
 * @param longest characters; a query that would make it longer stays behind
 */
export function canonicalLocation<Data>(
  settings: Settings<Data>,
  request: IncomingRequest,
  longest: number,
): string | null {
  const { baseUrl } = settings;
  if (!isLoopback(baseUrl)) return null;
  const name = loopbackName(request.header("host"));
  if (name === null || name === baseUrl.hostname) return null;
  const path = publicPath(settings, request);
  const query = path.indexOf("?");
  if (query === -1) return `${baseUrl.origin}${path}${marker}`;
  const [before, after] = [path.slice(0, query), path.slice(query)];
  if (after === marker || after.startsWith(`${marker}&`)) return null;
  const whole = `${baseUrl.origin}${before}${marker}&${after.slice(1)}`;
  return whole.length > longest ? `${baseUrl.origin}${before}${marker}` : whole;
}

/** The loopback name that a `Host` says, as `URL` spells it; `null` when it says another one, or nothing readable. */
function loopbackName(host: string | null): string | null {
  if (host === null || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}`)) return null;
  const hostname = new URL(`http://${host}`).hostname.replace(/\.$/, "");
  return isLoopback({ hostname }) ? hostname : null;
}
