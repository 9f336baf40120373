import { addHeaders, privateLines } from "./answer-headers.ts";
import { type SetCookie, setCookies } from "./set-cookie.ts";

/** Every answer of ours depends on who asks. */
export const privately: Readonly<Record<string, string>> = Object.fromEntries(privateLines);

/** `status` 302 for a GET that goes on elsewhere, 303 after something was done; never 307, which would repeat a POST. */
export function redirect(status: 302 | 303, location: string, cookies: readonly SetCookie[] = []): Response {
  const headers = new Headers({ ...privately, location, "referrer-policy": "no-referrer" });
  setCookies(headers, cookies);
  return new Response(null, { status, headers });
}

/** A page that the app made, as private as ours. */
export function privatePage(own: Response): Response {
  const headers = new Headers(own.headers);
  addHeaders(headers, privateLines);
  return new Response(own.body, { status: own.status, headers });
}

export function json(status: number, body: unknown, extra: Readonly<Record<string, string>> = {}): Response {
  const headers = { "content-type": "application/json; charset=utf-8", ...privately, ...extra };
  return new Response(JSON.stringify(body), { status, headers });
}

export function empty(status: number, extra: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers: { ...privately, ...extra } });
}
