import type { OutgoingHttpHeader, ServerResponse } from "node:http";
import { addHeaders, outgoingHeaders, privateLines, sentCacheControl } from "@pixy/server";
import { nodeRequest, unwatched } from "./node-request.ts";

const hooked = new WeakSet<ServerResponse>();

// None of those few answers is kept: nobody can tell which of them read the session.
for (const response of unwatched()) hook(response);

/**
 * Makes the answer to the request that this code runs for private, whatever sends it; where that is too late, returns
 * the `Cache-Control` that was sent. Next shows a page or a proxy no answer, a Route Handler only its own, and lets the headers of `next.config.ts` win
 * over that one: so it is Node's. Does nothing where Node does not serve: on the edge runtime, and on platforms that
 * only act as Node.
 */
export function makePrivate(): string | undefined {
  const response = nodeRequest()?.response.deref();
  if (response === undefined) return undefined;
  hook(response);
  return sentCacheControl(response);
}

/** As late as can be: until its headers are written, anybody may set others. */
function hook(response: ServerResponse): void {
  if (hooked.has(response) || response.headersSent) return;
  hooked.add(response);
  const { writeHead } = response;
  response.writeHead = function write(status: number, ...given: unknown[]) {
    if (typeof given.at(-1) === "object") {
      const lines = pairs(given.pop());
      for (const [name] of lines) response.removeHeader(name);
      // A flat list may name a header twice, as Set-Cookie.
      for (const [name, value] of lines) {
        if (response.hasHeader(name)) response.appendHeader(name, [value].flat().map(String));
        else response.setHeader(name, value);
      }
    }
    addHeaders(outgoingHeaders(response), privateLines);
    return writeHead.apply(response, [status, ...given] as never);
  };
}

function pairs(headers: unknown): (readonly [name: string, value: OutgoingHttpHeader])[] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {});
  return headers.flatMap((name, index) => (index % 2 === 0 ? [[name, headers[index + 1]] as const] : []));
}
