import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

async function listens(port: number): Promise<void> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await once(server, "close");
}

/**
 * A port on 127.0.0.1 that nobody listens on at this moment, below those that Linux gives away: between this answer and a
 * server of ours, it would give one to a connection or to another server.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    if (await isFree(port)) return port;
  }
}

/** Whether this process could listen on a port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  return listens(port).then(
    () => true,
    () => false,
  );
}
