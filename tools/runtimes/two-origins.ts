import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TwoOrigins {
  /** Says to `redirects.test.mjs` where they are. */
  readonly environment: { readonly ORIGINS: string };
  close(): void;
}

/**
 * Serves two origins on loopback: `/to/302?https%3A%2F%2F…` redirects, `/file` redirects to a file that is there, and every
 * other path answers with the request as JSON.
 */
export async function serveTwoOrigins(): Promise<TwoOrigins> {
  const servers = [1, 2].map(() =>
    createServer(async (request, response) => {
      const { method, url = "", headers } = request;
      let body = "";
      for await (const chunk of request) body += chunk;
      const [, status, target = ""] = /^\/to\/(\d+)\?(.*)$/.exec(url) ?? [];
      const location = url === "/file" ? import.meta.url : decodeURIComponent(target);
      if (location === "") response.end(JSON.stringify({ method, url, headers, body }));
      else response.writeHead(Number(status ?? 302), { location }).end("moved");
    }),
  );
  const origins: string[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  return {
    environment: { ORIGINS: origins.join(" ") },
    close() {
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}
