import { json } from "../endpoints/endpoint.ts";

/** The values of `Host` by which a server on this machine is steered: the loopback names, and the one that it was started with. */
export function controlHosts(name: string, port: number): ReadonlySet<string> {
  const names = ["127.0.0.1", "localhost", "[::1]", name.toLowerCase()];
  return new Set(names.flatMap((one) => (port === 80 ? [one, `${one}:80`] : [`${one}:${port}`])));
}

/**
 * Refuses whoever must not steer the server, or returns null. A page elsewhere shows by Fetch Metadata or `Origin`, one
 * whose name was pointed here (DNS rebinding) by `Host`, and a form by its content type.
 */
export function refuseStranger(request: Request, hosts: ReadonlySet<string>): Response | null {
  const { headers, method } = request;
  if (!hosts.has(headers.get("host")?.toLowerCase() ?? "")) {
    return json(403, { message: `The host is not one of ${[...hosts].join(", ")}.` });
  }
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const isForeign = (site !== null && site !== "none" && site !== "same-origin") || !isOwn(origin, hosts);
  if (isForeign) return json(403, { message: "The request comes from a page elsewhere." });
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  if (method === "POST" && type.trim().toLowerCase() !== "application/json") {
    return json(415, { message: "The content type of a POST is application/json, also without a body." });
  }
  return null;
}

function isOwn(origin: string | null, hosts: ReadonlySet<string>): boolean {
  return origin === null || (origin.startsWith("http://") && hosts.has(origin.slice("http://".length)));
}
