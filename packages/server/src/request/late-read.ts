import { ConfigurationError } from "@pixy/core";
import type { Settings } from "../settings/settings.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";

const warned = new WeakSet<object>();

/**
 * Deals with a session that is read when the headers of the answer, with `cacheControl`, have left: caches may keep for
 * everybody what is yet to come.
 *
 * @throws ConfigurationError `session_read_late` where caches were told to keep it; else a warning, once
 */
export function readLate<Data>(settings: Settings<Data>, request: IncomingRequest, cacheControl: string): void {
  if (request.method !== "GET" && request.method !== "HEAD") return;
  if (/\b(?:private|no-store|no-cache)\b/i.test(cacheControl)) return;
  const problem = `The answer to ${request.method} ${request.url.split("?", 1)[0]} had begun before the session was read`;
  const hint = "Read the session, or guard the route, before the first byte is sent.";
  if (/\bpublic\b|\b(?:s-maxage|max-age)="?[1-9]/i.test(cacheControl)) {
    throw new ConfigurationError(`${problem}, with Cache-Control: ${cacheControl}.`, {
      code: "session_read_late",
      option: "Cache-Control",
      hint: `${hint} Or say private, no-store.`,
    });
  }
  if (warned.has(settings)) return;
  warned.add(settings);
  const message = `${problem}, too late to keep it out of caches. ${hint}`;
  settings.emit({ type: "set-up.warning", code: "session_read_late", message });
}
