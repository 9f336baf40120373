import { fromRequest, type IncomingRequest } from "@pixy/server";

/**
 * The request of a Route Handler with its headers as they came, to be made before anything else: Next 15 takes those of its
 * router out of the very request as soon as anybody asks for `headers()`.
 */
export function incomingOf(request: Request): IncomingRequest {
  const headers = new Headers(request.headers);
  return { ...fromRequest(request), header: (name) => headers.get(name) };
}
