import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LoginError } from "../errors.ts";
import { type ClosingPage, htmlOf, pageHeaders } from "./closing-page.ts";

/** A listener on this machine, for one login. */
export interface Loopback {
  /** With the port that it listens on. */
  readonly redirectUri: string;
  /** From now on, requests for the redirect URI's path are shown to `receive`; `null` is a stranger's, who gets a 404. */
  serve(receive: (url: URL) => Promise<ClosingPage> | null): void;
  /** Lets the answer that is on its way arrive, then frees the port. */
  close(): Promise<void>;
}

/** Tells whether a redirect URI leads to a listener of ours. */
export function isLoopbackUri(redirectUri: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?=[:/?]|$)/.test(redirectUri);
}

/**
 * Listens where a redirect URI leads, on its port, or on a free one where it names none.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252#section-7.3 RFC 8252 section 7.3}
 * @throws LoginError `port_in_use`
 */
export async function openLoopback(registered: string): Promise<Loopback> {
  const [, host = "", port, rest = ""] =
    /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::(\d+))?(.*)$/.exec(registered) ?? [];
  let receive: Parameters<Loopback["serve"]>[0] = () => null;
  let last: Promise<void> = Promise.resolve();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const done = new Promise<void>((resolve) => response.once("close", resolve));
    const page = pageFor(request, new URL(redirectUri), receive);
    if (page === null) {
      refuse(response);
      return;
    }
    last = Promise.all([last, done]).then(() => {});
    void page.then((content) => {
      response.writeHead(content.status, { ...pageHeaders, Connection: "close" }).end(htmlOf(content));
    });
  };
  const first = await listen(answer, host === "[::1]" ? "::1" : "127.0.0.1", Number(port ?? 0));
  const taken = (first.address() as AddressInfo).port;
  const redirectUri = `http://${host}:${taken}${rest}`;
  const servers = [first];
  // A browser may look for localhost at either address.
  if (host === "localhost")
    await listen(answer, "::1", taken).then(
      (second) => servers.push(second),
      () => {},
    );
  return {
    redirectUri,
    serve(given) {
      receive = given;
    },
    async close() {
      receive = () => null;
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      // A browser that does not read its answer must not hold up the program.
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([last, new Promise<void>((resolve) => (timer = setTimeout(resolve, 1_000)))]);
      clearTimeout(timer);
      for (const server of servers) server.closeAllConnections();
      await Promise.all(closed);
    },
  };
}

function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  host: string,
  port: number,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ maxHeaderSize: 32_768, requestTimeout: 10_000, headersTimeout: 10_000 }, answer);
    server.once("error", (error: Error & { readonly code?: string }) => {
      reject(
        new LoginError(`The port ${port || "of the redirect URI"} of ${host} cannot be used (${error.code}).`, {
          code: "port_in_use",
          hint: "Does a login run in another terminal? End it, or register a redirect URI without a port: then a free one is taken.",
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => {
      server.on("error", () => {});
      resolve(server);
    });
  });
}

/**
 * Only a browser that was sent back by the provider gets an answer of ours: the right path, a plain GET, and a Host header
 * that names this listener, so that no name of a stranger's leads here.
 */
function pageFor(
  { method, url = "", headers }: IncomingMessage,
  own: URL,
  receive: (url: URL) => Promise<ClosingPage> | null,
): Promise<ClosingPage> | null {
  if (method !== "GET" || headers.host !== own.host || !url.startsWith("/")) return null;
  if (!URL.canParse(url, own)) return null;
  const target = new URL(url, own);
  return target.origin === own.origin && target.pathname === own.pathname ? receive(target) : null;
}

function refuse(response: ServerResponse): void {
  response
    .writeHead(404, { "Content-Type": "text/plain", "Cache-Control": "no-store", Connection: "close" })
    .end("Not found\n");
}
