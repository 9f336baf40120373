import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuthorizationServer } from "../provider/authorization-server.ts";
import { controlEndpoint, controlPath } from "./control-endpoint.ts";
import { controlHosts } from "./control-guard.ts";
import { controlPage } from "./page.ts";
import { createRoom, type RoomOptions } from "./room.ts";

export interface ServeOptions {
  /** A free one, unless given. */
  readonly port?: number;
  /** 127.0.0.1, unless given. */
  readonly host?: string;
  /** Opens `/__test/…`, by which other processes of this machine read and change everything; closed, unless given. */
  readonly control?: boolean;
  /** Shows the control page at `/`, with these apps on it, and opens control for it; none, unless given. */
  readonly page?: RoomOptions;
}

export interface HttpServer {
  /** The origin, without a slash at the end. */
  readonly url: string;
  /** Stops listening and cuts every connection, also those that hang. */
  close(): Promise<void>;
}

const largestBody = 1_000_000;

/**
 * Serves an authorization server over HTTP; one without an issuer takes the URL for its own.
 *
 * @throws the error of the system where the port is taken.
 * @example
 * const { url, close } = await serve(createAuthorizationServer());
 */
export async function serve(server: AuthorizationServer, options: ServeOptions = {}): Promise<HttpServer> {
  const { port = 0, host = "127.0.0.1", page, control = page !== undefined } = options;
  const room = page === undefined ? null : createRoom(server, page);
  let url = "";
  let hosts: ReadonlySet<string> = new Set();
  const listener = createServer((incoming, outgoing) => {
    respond(incoming, outgoing).catch(() => incoming.socket.destroy());
  });

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await toRequest(incoming, url);
    if (request === null) {
      outgoing.writeHead(413).end();
      return;
    }
    const { pathname } = new URL(request.url);
    if (room !== null && request.method === "GET" && pathname === "/") {
      await send(controlPage(), outgoing);
      return;
    }
    if (control && pathname.startsWith(controlPath)) {
      await send(await controlEndpoint(server, request, hosts, room), outgoing);
      return;
    }
    const answer = await server.handle(request);
    if (answer.kind === "response") await send(answer.response, outgoing);
    else if (answer.kind === "reset") incoming.socket.resetAndDestroy();
  }

  // Longer than clients keep an idle connection: one that closes while a request is on its way is a fault nobody asked for.
  listener.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    // A herd connects at once: whoever finds no place in the queue waits for seconds, and may be told that there is no server.
    listener.listen({ port, host, backlog: 4096 }, resolve);
  });
  const address = listener.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  url = `http://${name}:${address.port}`;
  hosts = controlHosts(name, address.port);
  if (server.issuerIsFree)
    server.configure({ issuer: url + new URL(server.settings.issuer).pathname.replace(/\/$/, "") });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        listener.closeAllConnections();
      }),
  };
}

async function toRequest(incoming: IncomingMessage, base: string): Promise<Request | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) return null;
    chunks.push(chunk);
  }
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  // An absolute-form or "//host" target must not choose another origin.
  const target = incoming.url?.startsWith("/") ? incoming.url : "/";
  const method = incoming.method ?? "GET";
  const body = method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks);
  return new Request(new URL(`${base}${target}`), { method, headers, body });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  for (const [name, value] of response.headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  outgoing.setHeader("content-length", body.length);
  outgoing.writeHead(response.status).end(body);
}
