import { once } from "node:events";
import { createServer } from "node:net";

async function listens(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : port;
}

/** A port on 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return listens(0);
}

/** Whether this process could listen on a port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  return listens(port).then(
    () => true,
    () => false,
  );
}
