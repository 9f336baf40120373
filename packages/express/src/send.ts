import type { Response as ExpressResponse } from "express";

/** Sends a web `Response` through Express, each `Set-Cookie` as a header of its own. */
export async function send(response: Response, res: ExpressResponse): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  res.statusCode = response.status;
  // `Headers` iterates over every Set-Cookie separately.
  for (const [name, value] of response.headers) addHeader(res, name, value);
  res.end(body);
}

/** Adds a header to a response and keeps the application's own cookies and `Vary` fields. */
export function addHeader(res: ExpressResponse, name: string, value: string): void {
  const key = name.toLowerCase();
  if (key === "set-cookie") res.appendHeader(name, value);
  else if (key === "vary") res.vary(value);
  else res.setHeader(name, value);
}
