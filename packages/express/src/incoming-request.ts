import type { IncomingRequest } from "@pixy/server";
import type { Request } from "express";

/**
 * Describes an Express request by its method, its headers and the URL of its request line.
 * The body is never read, so a parser that ran earlier does no harm.
 */
export function toIncomingRequest(req: Request): IncomingRequest {
  return {
    method: req.method,
    url: urlOf(req),
    header: (name) => headerOf(req, name),
  };
}

/** The path and query of the request line, also where it has them behind a scheme and a host (RFC 9112 section 3.2.2). */
export function urlOf({ originalUrl }: Request): string {
  // `url` has lost the path below which a router is mounted.
  if (originalUrl.startsWith("/")) return originalUrl;
  return originalUrl.replace(/^https?:\/\/[^/?]*(.?)/i, (_start, next) => (next === "/" ? "/" : `/${next}`));
}

/** Reads a header by its lower-case name; Node joins repeated ones, all but a few. */
export function headerOf(req: Request, name: string): string | null {
  const value = req.headers[name];
  return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
}
