import { ConfigurationError } from "@pixy/core";
import { refuseOption } from "./option-values.ts";

/**
 * Reads the app's public origin, the only source of every URL.
 *
 * @throws ConfigurationError
 */
export function readBaseUrl(text: unknown): URL {
  const hint = 'Give the public origin, such as "https://app.example" or "http://127.0.0.1:3000".';
  if (text === undefined || text === "") throw refuseOption("baseUrl", `It is empty: is the variable set? ${hint}`);
  if (typeof text !== "string" || !URL.canParse(text)) throw refuseOption("baseUrl", hint);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuseOption("baseUrl", hint);
  if (url.username || url.password || url.search || url.hash) {
    throw refuseOption("baseUrl", "Leave out user, password, query and fragment.");
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw new ConfigurationError(`baseUrl ${url.origin} is http and not on loopback.`, {
      code: "insecure_base_url",
      option: "baseUrl",
      hint: `Use https: ${text.replace(/^http:/i, "https:")}`,
    });
  }
  return url;
}

/** The path of `baseUrl` without a slash at the end; `""` for the root. */
export function basePathOf(baseUrl: URL): string {
  return baseUrl.pathname.replace(/(?<!\/)\/+$/, "");
}

/** Leaves `path` as it is where the prefix is not there. */
export function stripPrefix(path: string, prefix: string): string {
  return prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

/** The loopback names that http is allowed on. */
export function isLoopback({ hostname }: Pick<URL, "hostname">): boolean {
  return hostname === "127.0.0.1" || hostname === "[::1]" || hostname === "localhost";
}
