/** Adds header lines to a response, keeping the app's own cookies and `Vary` fields. */
export function withLines(response: Response, lines: readonly (readonly [name: string, value: string])[]): Response {
  if (lines.length === 0) return response;
  // A copy, because a response that came from `fetch()` or `Response.redirect()` has immutable headers.
  const copy = new Response(response.body, response);
  for (const [name, value] of lines) {
    if (name === "set-cookie" || name === "vary") copy.headers.append(name, value);
    else copy.headers.set(name, value);
  }
  return copy;
}
