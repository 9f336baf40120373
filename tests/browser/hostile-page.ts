import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** `localhost` is another site than 127.0.0.1, so no cookie goes along; another port of 127.0.0.1 is the same site, so they all do. */
export const hosts = [
  ["another site", "localhost"],
  ["another origin of the same site", "127.0.0.1"],
] as const;

export interface HostilePage {
  /** Ends with a slash; the page's HTML is the parameter `html`. */
  readonly url: string;
  close(): void;
}

/** Serves the HTML that the query carries: whatever somebody else's page may try. */
export async function serveHostile(host: string): Promise<HostilePage> {
  const server = createServer((request, response) => {
    const html = new URL(request.url ?? "/", "http://hostile").searchParams.get("html");
    if (html === null) response.writeHead(404).end();
    else
      response.setHeader("content-type", "text/html; charset=utf-8").end(`<!doctype html><title>Prize</title>${html}`);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close: () => server.close().closeAllConnections(),
  };
}
