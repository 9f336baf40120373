import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningApp } from "@pixy/testing";

/** Serves a Node request listener on a free port. */
export async function listen(listener: RequestListener): Promise<RunningApp> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
