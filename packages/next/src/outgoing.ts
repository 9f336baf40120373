import type { AsyncLocalStorage } from "node:async_hooks";
import type { OutgoingHttpHeader, ServerResponse } from "node:http";
import { addHeaders, outgoingHeaders, privateLines, sentCacheControl } from "@pixy/server";

type Storage = AsyncLocalStorage<WeakRef<ServerResponse>>;

/** One for the process, which loads this module several times: for the proxy, the pages and the handlers. */
const key: unique symbol = Symbol.for("pixy/next/1") as never;
const scope = globalThis as typeof globalThis & { [key]?: Storage | null };
const hooked = new WeakSet<ServerResponse>();

if (scope[key] === undefined) scope[key] = watch();

/**
 * Makes the answer to the request that this code runs for private, whatever sends it; where that is too late, returns
 * the `Cache-Control` that was sent. Next shows a page or a proxy no answer, a Route Handler only its own, and lets the headers of `next.config.ts` win
 * over that one: so it is Node's. Does nothing where Node does not serve: on the edge runtime, and on platforms that
 * only act as Node.
 */
export function makePrivate(): string | undefined {
  const response = scope[key]?.getStore()?.deref();
  if (response === undefined) return undefined;
  hook(response);
  return sentCacheControl(response);
}

function watch(): Storage | null {
  const builtin = globalThis.process?.getBuiltinModule;
  // The edge runtime has a `process` whose functions throw; Next writes its name in as it builds.
  if (builtin === undefined || process.env.NEXT_RUNTIME === "edge") return null;
  const { AsyncLocalStorage } = builtin("node:async_hooks");
  const storage: Storage = new AsyncLocalStorage();
  builtin("node:diagnostics_channel").subscribe("http.server.request.start", (message) => {
    storage.enterWith(new WeakRef((message as { response: ServerResponse }).response));
  });
  for (const response of underWay(builtin("node:http"))) hook(response);
  return storage;
}

/**
 * What this process is answering already. Next loads an app's modules in the middle of the first request for them,
 * which nothing was there to watch: none of those few answers is kept.
 */
function underWay(http: typeof import("node:http")): ServerResponse[] {
  // Node has no other list of them. Where it loses this one, as it may, the first answers of a process go unwatched.
  const { _getActiveHandles } = process as { _getActiveHandles?: () => readonly { readonly _httpMessage?: unknown }[] };
  const messages = _getActiveHandles?.().map((socket) => socket._httpMessage) ?? [];
  return messages.filter((message) => message instanceof http.ServerResponse);
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
