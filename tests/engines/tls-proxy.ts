import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { generate } from "selfsigned";

export interface TlsProxy {
  /** `https://127.0.0.1:PORT`, with a certificate that nobody vouches for. */
  readonly url: string;
  close(): void;
}

/** Ends TLS in front of an app, as the proxy of a deployed one does. */
export async function serveTls(app: () => string): Promise<TlsProxy> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
  const server = createServer({ key, cert }, (incoming, answer) => {
    const { method, headers } = incoming;
    const outgoing = request(new URL(incoming.url ?? "/", app()), { method, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  };
}
