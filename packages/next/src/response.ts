import { addHeaders, type HeaderLine } from "@pixy/server";

/** Adds header lines to a response that the app made. */
export function withLines(response: Response, lines: readonly HeaderLine[]): Response {
  if (lines.length === 0) return response;
  // A copy, because a response that came from `fetch()` or `Response.redirect()` has immutable headers.
  const copy = new Response(response.body, response);
  addHeaders(copy.headers, lines);
  return copy;
}
