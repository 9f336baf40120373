import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal | undefined;
  /** The request target as it is sent, where it is not the URL's path and query. */
  readonly target?: string;
}

export interface IncomingResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Sends one request over node:http, because fetch overwrites Sec-Fetch-Mode; each has its own connection. */
export function sendOverHttp({
  method,
  url,
  headers,
  body,
  signal,
  target,
}: OutgoingRequest): Promise<IncomingResponse> {
  const start = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const path = target === undefined ? {} : { path: target };
    const options = { method, headers, agent: false, ...path, ...(signal ? { signal } : {}) };
    const outgoing = start(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const received = new Headers();
        for (const [name, values] of Object.entries(incoming.headersDistinct)) {
          for (const value of values ?? []) received.append(name, value);
        }
        resolve({ status: incoming.statusCode ?? 0, headers: received, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body ?? undefined);
  });
}

/** Hands a request to a function that stands for a server, without a network. */
export async function sendToFetcher(
  fetcher: (request: Request) => Response | Promise<Response>,
  { method, url, headers, body, signal }: OutgoingRequest,
): Promise<IncomingResponse> {
  const request = new Request(url, { method, headers, body, redirect: "manual", ...(signal ? { signal } : {}) });
  const response = await fetcher(request);
  return { status: response.status, headers: response.headers, body: await response.text() };
}
