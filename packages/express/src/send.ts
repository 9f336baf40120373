import type { Response as ExpressResponse } from "express";

/** Sends a web `Response` through Express, each `Set-Cookie` as a header of its own. */
export async function send(response: Response, res: ExpressResponse): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  res.statusCode = response.status;
  // `Headers` iterates over every Set-Cookie separately.
  addHeaders(res, response.headers);
  res.end(body);
}

/** Adds headers to a response and keeps the application's own cookies and `Vary` fields. */
export function addHeaders(res: ExpressResponse, headers: Iterable<readonly [name: string, value: string]>): void {
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key === "set-cookie") res.appendHeader(name, value);
    else if (key === "vary" && res.hasHeader(key)) res.vary(value);
    else res.setHeader(name, value);
  }
}
