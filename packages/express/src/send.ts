import { addHeaders, outgoingHeaders } from "@pixy/server";
import type { Response as ExpressResponse } from "express";

/** Sends a web `Response` through Express, each `Set-Cookie` as a header of its own. */
export async function send(response: Response, res: ExpressResponse): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  res.statusCode = response.status;
  addHeaders(outgoingHeaders(res), response.headers);
  res.end(body);
}
