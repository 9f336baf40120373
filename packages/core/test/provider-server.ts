import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ProviderServer extends AsyncDisposable {
  readonly origin: string;
  readonly seen: SeenRequest[];
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** Serves on a free port of 127.0.0.1 and keeps every request that it saw. */
export async function serve(answer: Answer): Promise<ProviderServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    incoming.on("error", () => {});
    response.on("error", () => {});
    for await (const chunk of incoming) body += chunk;
    const request = { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, body };
    seen.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}
