import {
  type Auth,
  fromRequest,
  type IncomingRequest,
  type RequestContext,
  type RequestHandle,
  readFormOf,
} from "@pixy/server";
import type { Context } from "hono";

/**
 * One request: what the server asks of it, and its handle. All in one object, because every request pays for each
 * object more.
 */
export class Visit<Data> implements IncomingRequest, RequestContext {
  readonly auth: Auth<Data>;
  readonly handle: RequestHandle<Data>;
  /** The response has left our hands: no cookie can be added to it. */
  isOver = false;
  readonly #c: Context;
  readonly #request: Request;

  constructor(auth: Auth<Data>, c: Context) {
    this.auth = auth;
    this.#c = c;
    this.#request = c.req.raw;
    this.handle = auth.open(this, this);
  }

  get original(): Context {
    return this.#c;
  }

  get method(): string {
    return this.#request.method;
  }

  get url(): string {
    return fromRequest(this.#request).url;
  }

  header(name: string): string | null {
    return this.#request.headers.get(name);
  }

  form(longest: number): Promise<URLSearchParams | null> {
    return readFormOf(this.#request, longest);
  }

  onRead(): string | undefined {
    return this.isOver ? (this.#c.res.headers.get("cache-control") ?? "") : undefined;
  }

  canSetCookies(): boolean {
    // Workers have no signal without a flag. Of a request that is over Deno lets nobody ask.
    return !this.isOver && !this.#request.signal?.aborted;
  }

  /** Workers stop what nobody waits for when the client goes away; elsewhere `executionCtx` throws, and nothing stops. */
  get waitUntil(): (promise: Promise<unknown>) => void {
    return (promise) => {
      try {
        this.#c.executionCtx.waitUntil(promise);
      } catch {}
    };
  }
}
