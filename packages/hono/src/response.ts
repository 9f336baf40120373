import { addHeaders, type HeaderLine } from "@pixy/server";
import type { Context } from "hono";

/** Adds header lines to the response that the app made. */
export function addLines(c: Context, lines: readonly HeaderLine[]): void {
  if (lines.length === 0) return;
  try {
    addHeaders(c.res.headers, lines);
  } catch {
    // A response that came from `fetch()`, a cache or `Response.redirect()` has immutable headers.
    const copy = new Response(c.res.body, c.res);
    addHeaders(copy.headers, lines);
    replace(c, copy);
  }
}

/**
 * Makes `response` the answer, whatever `c.res` was: what earlier middleware set stays unless our headers say otherwise,
 * and our cookies come last. Assigning to `c.res` alone would do the opposite and drop our cookies.
 */
export function answer(c: Context, { status, headers, body }: Response): void {
  const all = new Headers(c.res.headers);
  // Of a body that is not sent.
  for (const name of ["content-type", "content-length", "content-encoding"]) all.delete(name);
  addHeaders(all, headers);
  replace(c, new Response(body, { status, headers: all }));
}

function replace(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}
