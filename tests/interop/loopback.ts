import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningApp } from "@pixy/testing";

export interface Loopback extends RunningApp {
  /** How many requests a path has got. */
  requests(path: string): number;
}

/** Serves what is made for the URL, on a free port: issuers have to know theirs. */
export async function serveOnLoopback(
  create: (url: string) => RequestListener | Promise<RequestListener>,
): Promise<Loopback> {
  const counts = new Map<string, number>();
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    counts.set(path, (counts.get(path) ?? 0) + 1);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = await create(url);
  return {
    url,
    requests: (path) => counts.get(path) ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
