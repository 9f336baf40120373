/** Carries the path and query of a page from the proxy to the components that are rendered for it. */
export const pathHeader = "x-pixy-path";

/** Path and query as the browser asked for them, without the marker that Next's router adds to its own fetches. */
export function pathOf(url: string): string {
  const [path = "", ...query] = url.split("?");
  const pairs = query.join("?").split("&");
  const kept = pairs.filter((pair) => pair !== "_rsc" && !pair.startsWith("_rsc=")).join("&");
  return kept === "" ? path : `${path}?${kept}`;
}

/** Shows that this very process has set `pathHeader`, which anybody may send. */
const wordHeader = "x-pixy-word";

/** One for the process, which loads this module several times. */
const key: unique symbol = Symbol.for("pixy/next/word") as never;
const scope = globalThis as typeof globalThis & { [key]?: string };

/** What a proxy adds to a request that it rewrites: see `pathBeforeRewrite`. */
export function rewrittenFrom(path: string): Record<string, string> {
  scope[key] ??= crypto.randomUUID();
  return { [pathHeader]: path, [wordHeader]: scope[key] };
}

/**
 * The path that was asked for before a proxy of this process rewrote it, or `null`. Where Next listens on a loopback address
 * that it was given (`next start -H 127.0.0.1`) it takes a rewritten request for another server's and sends it to itself, so
 * that the proxy and Node see the path that it was rewritten to.
 *
 * @see {@link https://github.com/vercel/next.js/issues/94745}
 */
export function pathBeforeRewrite(headers: Pick<Headers, "get">): string | null {
  return scope[key] !== undefined && headers.get(wordHeader) === scope[key] ? headers.get(pathHeader) : null;
}
