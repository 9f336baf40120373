import { ConfigurationError, invalidOption } from "./errors.ts";

/** Tells whether a URL is http on a loopback host. */
export function isLoopback(url: URL): boolean {
  return url.protocol === "http:" && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname);
}

/**
 * Parses the URL of an endpoint: https, without credentials or fragment; http only on loopback and only where allowed.
 * Throws `ConfigurationError` (`invalid_option`, `insecure_endpoint`). RFC 6749 section 3.1, OAuth 2.1 section 1.5.
 */
export function parseEndpoint(option: string, value: unknown, allowInsecureLoopback: boolean): URL {
  const url = typeof value === "string" && URL.canParse(value) && new URL(value);
  // A URL parser drops blanks and line breaks, and the value as it is written would equal no other spelling of it.
  if (!url || url.username || url.password || /[#\s\p{Cc}]/u.test(value as string)) {
    throw invalidOption(option, "Give an absolute https URL without user name, password, #fragment and blanks.");
  }
  if (url.protocol !== "https:" && !(allowInsecureLoopback && isLoopback(url))) {
    throw new ConfigurationError(`${option} is not https.`, {
      code: "insecure_endpoint",
      option,
      hint: "Use https. For a test provider on 127.0.0.1 set allowInsecureLoopback: true.",
    });
  }
  return url;
}
