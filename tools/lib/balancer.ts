import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What stands in front of all processes: the app's public origin. */
export interface Balancer {
  readonly url: string;
  /** The origins that take turns. */
  servers: readonly string[];
  close(): Promise<void>;
}

/** Hands requests on in turn, with the headers as they came. */
export async function createBalancer(): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, answer) => {
    const target = new URL(balancer.servers[turn++ % balancer.servers.length] ?? "");
    const { method, headers, url: path } = incoming;
    // On a connection of its own: none is closed at the moment at which it is used again.
    const to = { hostname: target.hostname, port: target.port, agent: false };
    const outgoing = request({ ...to, method, path, headers }, (received) => {
      answer.writeHead(received.statusCode ?? 502, received.rawHeaders);
      received.pipe(answer);
    });
    outgoing.on("error", (error) => answer.writeHead(502).end(error.message));
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const balancer: Balancer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    servers: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return balancer;
}
