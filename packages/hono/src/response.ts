import type { Context } from "hono";

type Headers = Response["headers"];
type Lines = readonly (readonly [name: string, value: string])[];

/** Adds header lines to the response that the app made, keeping the app's own cookies and `Vary` fields. */
export function addHeaders(c: Context, lines: Lines): void {
  if (lines.length === 0) return;
  try {
    write(c.res.headers, lines);
  } catch {
    // A response that came from `fetch()`, a cache or `Response.redirect()` has immutable headers.
    const copy = new Response(c.res.body, c.res);
    write(copy.headers, lines);
    replace(c, copy);
  }
}

/**
 * Makes `response` the answer, whatever `c.res` was: our headers win over those of earlier middleware, whose other
 * headers stay, and our cookies come last. Assigning to `c.res` alone would do the opposite and drop our cookies.
 */
export function answer(c: Context, response: Response): void {
  const copy = new Response(response.body, response);
  copy.headers.delete("set-cookie");
  for (const [name, value] of c.res.headers) {
    if (name === "set-cookie") copy.headers.append(name, value);
    else if (name !== "content-type" && !copy.headers.has(name)) copy.headers.set(name, value);
  }
  for (const cookie of response.headers.getSetCookie()) copy.headers.append("set-cookie", cookie);
  replace(c, copy);
}

function replace(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}

function write(headers: Headers, lines: Lines): void {
  for (const [name, value] of lines) {
    if (name === "set-cookie" || name === "vary") headers.append(name, value);
    else headers.set(name, value);
  }
}
