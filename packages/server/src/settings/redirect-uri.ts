import { stripPrefix } from "./base-url.ts";
import { readPath, refuseOption } from "./option-values.ts";
import type { WayOptions } from "./options.ts";

/**
 * Reads the redirect URI: the registered one byte for byte, or the one that `baseUrl` and the callback's path make.
 *
 * @throws ConfigurationError
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2 RFC 6749 section 3.1.2}
 */
export function readRedirectUri(
  options: Pick<WayOptions, "redirectUri" | "callbackPath">,
  baseUrl: URL,
  basePath: string,
  usualPath: string,
): string {
  if (options.redirectUri === undefined) {
    const path = options.callbackPath ? readPath("callbackPath", options.callbackPath) : usualPath;
    return `${baseUrl.origin}${basePath}${path}`;
  }
  if (options.callbackPath) throw refuseOption("callbackPath", "Give redirectUri or callbackPath, not both.");
  if (!URL.canParse(options.redirectUri) || new URL(options.redirectUri).origin !== baseUrl.origin) {
    throw refuseOption(
      "redirectUri",
      `It must be on the origin of baseUrl, ${baseUrl.origin}: the login cookie is there.`,
    );
  }
  return options.redirectUri;
}

/** Our routes besides the callback, below `authPath`. */
export const routesBeside = ["login", "refresh", "logout", "session"] as const;

/**
 * Reads where the callback of a redirect URI is: below the base path, without a final slash, as requests are compared.
 *
 * @throws ConfigurationError where something else is there
 */
export function readCallbackPath(redirectUri: string, basePath: string, authPath: string): string {
  const path = new URL(redirectUri).pathname.replace(/\/$/, "");
  const below = stripPrefix(path, basePath);
  if (path && path !== basePath && !routesBeside.some((name) => below === `${authPath}/${name}`)) return below;
  throw refuseOption("redirectUri", `It needs a path of its own, such as ${basePath}${authPath}/callback.`);
}
