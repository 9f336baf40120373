import type { IncomingRequest } from "../web/incoming-request.ts";
import { empty, privately } from "../web/responses.ts";

/**
 * The answer to who asks ahead of a person, or for another form of a page than ours has. To Next's router it is a text,
 * of which it can make nothing: after a click it navigates, and it complains of an answer without a body.
 */
export function answerAhead(request: IncomingRequest): Response {
  if (request.header("rsc") === null) return empty(204);
  return new Response("", { headers: { ...privately, "content-type": "text/plain; charset=utf-8" } });
}
