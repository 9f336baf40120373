import type { Answer } from "../endpoints/spoiled-answer.ts";
import type { Settings } from "../state/settings.ts";

type Handle = (request: Request) => Promise<Answer>;

/** Makes the server's answers look as `fetch` shows them to a client: with redirects, dead connections and aborts. */
export function inProcessFetch(
  settings: Readonly<Settings>,
  handle: Handle,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  async function fetchOnce(request: Request): Promise<Response> {
    const answer = await Promise.race([handle(request), aborted(request.signal)]);
    if (answer.kind === "response") return answer.response;
    if (answer.kind === "hang") return aborted(request.signal);
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
  }

  return async function fetchFollowing(input, init) {
    const base = settings.issuer;
    let request = new Request(input instanceof Request ? input : new URL(input, base), init);
    for (let hops = 0; hops < 20; hops++) {
      request.signal.throwIfAborted();
      const again = request.clone();
      const response = await fetchOnce(request);
      const location = response.headers.get("location");
      if (location === null || request.redirect === "manual") return response;
      if (request.redirect === "error")
        throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
      const target = new URL(location, request.url);
      // The callback's host is another server, and this one is no network: the redirect itself is all it can give.
      if (target.origin !== new URL(request.url).origin) return response;
      const keepsMethod = response.status === 307 || response.status === 308;
      request = keepsMethod ? new Request(target, again) : new Request(target, { signal: request.signal });
    }
    throw new TypeError("fetch failed", { cause: new Error("redirect count exceeded") });
  };
}

/** Never resolves; rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
