import type { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";

/** A request that Node serves, and its answer. */
export interface NodeRequest {
  /** Path and query as they came: whoever handles the request may change its `url`. */
  readonly url: string;
  readonly response: WeakRef<ServerResponse>;
}

interface Watched {
  readonly storage: AsyncLocalStorage<NodeRequest>;
  /** What was under way as this module was loaded, which nothing was there to watch. */
  readonly underWay: readonly NodeRequest[];
}

/** One for the process, which loads this module several times: for the proxy, the pages and the handlers. */
const key: unique symbol = Symbol.for("pixy/next/1") as never;
const scope = globalThis as typeof globalThis & { [key]?: Watched | null };

if (scope[key] === undefined) scope[key] = watch();

/** The request that this code runs for; `undefined` where Node does not serve: on the edge runtime, and on platforms that only act as Node. */
export function nodeRequest(): NodeRequest | undefined {
  const watched = scope[key];
  if (!watched) return undefined;
  const found = watched.storage.getStore();
  if (found !== undefined) return found;
  const [only, ...others] = watched.underWay.filter(({ response }) => response.deref()?.writableEnded === false);
  return others.length === 0 ? only : undefined;
}

/** The answers that were under way before anything could watch. */
export function unwatched(): readonly ServerResponse[] {
  return (scope[key]?.underWay ?? []).flatMap(({ response }) => response.deref() ?? []);
}

function watch(): Watched | null {
  const builtin = globalThis.process?.getBuiltinModule;
  // The edge runtime has a `process` whose functions throw; Next writes its name in as it builds.
  if (builtin === undefined || process.env.NEXT_RUNTIME === "edge") return null;
  const { AsyncLocalStorage } = builtin("node:async_hooks");
  const storage: AsyncLocalStorage<NodeRequest> = new AsyncLocalStorage();
  builtin("node:diagnostics_channel").subscribe("http.server.request.start", (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    storage.enterWith({ url: request.url ?? "/", response: new WeakRef(response) });
  });
  const underWay = responsesUnderWay(builtin("node:http"));
  return {
    storage,
    underWay: underWay.map((response) => ({ url: response.req.url ?? "/", response: new WeakRef(response) })),
  };
}

/**
 * What this process is answering already. Next loads an app's modules in the middle of the first request for them,
 * which nothing was there to watch.
 */
function responsesUnderWay(http: typeof import("node:http")): ServerResponse[] {
  // Node has no other list of them. Where it loses this one, as it may, the first answers of a process go unwatched.
  const { _getActiveHandles } = process as { _getActiveHandles?: () => readonly { readonly _httpMessage?: unknown }[] };
  const messages = _getActiveHandles?.().map((socket) => socket._httpMessage) ?? [];
  return messages.filter((message) => message instanceof http.ServerResponse);
}
