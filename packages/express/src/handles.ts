import {
  type Auth,
  addHeaders,
  ConfigurationError,
  type IncomingRequest,
  outgoingHeaders,
  type RequestContext,
  type RequestHandle,
  sentCacheControl,
} from "@pixy/server";
import type { Response as ExpressResponse, Request } from "express";
import onHeaders from "on-headers";
import { headerOf, urlOf } from "./incoming-request.ts";
import { send } from "./send.ts";

/**
 * One request: what the server asks of it, and its handle once somebody wants it. All in one object, because every
 * request pays for each object more.
 */
class Visit<Data> implements IncomingRequest, RequestContext {
  readonly req: Request;
  readonly res: ExpressResponse;
  handle: RequestHandle<Data> | null = null;

  constructor(req: Request, res: ExpressResponse) {
    this.req = req;
    this.res = res;
  }

  get method(): string {
    return this.req.method;
  }

  get url(): string {
    return urlOf(this.req);
  }

  header(name: string): string | null {
    return headerOf(this.req, name);
  }

  onRead(): string | undefined {
    return sentCacheControl(this.res);
  }

  canSetCookies(): boolean {
    return !this.res.headersSent;
  }
}

/** Keeps the handle of each request, one per request and instance. */
export interface Handles<Data> {
  /** Lets `of` work for this request; costs next to nothing. */
  attach(req: Request, res: ExpressResponse): void;
  /** Returns the request's handle; throws `ConfigurationError` when nothing has attached one. */
  of(req: Request): RequestHandle<Data>;
  /** Returns the request's handle, attached or not. */
  open(req: Request, res: ExpressResponse): RequestHandle<Data>;
  /** Sends an answer of ours instead of the application's. */
  answer(req: Request, res: ExpressResponse, response: Response): Promise<void>;
}

export function createHandles<Data>(auth: Auth<Data>): Handles<Data> {
  // A symbol of each instance's own keeps two instances apart, and is cheaper than a WeakMap for so short a life.
  const key = Symbol("pixy");
  type Visited = Request & { [key]?: Visit<Data> };

  function attach(req: Visited, res: ExpressResponse): Visit<Data> {
    req[key] ??= new Visit(req, res);
    return req[key];
  }

  function handleOf(visit: Visit<Data>): RequestHandle<Data> {
    if (visit.handle !== null) return visit.handle;
    const { res } = visit;
    const handle = auth.open(visit, visit);
    visit.handle = handle;
    // Late, because a refresh may change the cookie until the very moment the headers are written.
    onHeaders(res, () => addHeaders(outgoingHeaders(res), handle.responseHeaders()));
    return handle;
  }

  return {
    attach,
    open: (req, res) => handleOf(attach(req, res)),
    of(req: Visited) {
      const visit = req[key];
      if (visit === undefined) throw middlewareMissing(req);
      return handleOf(visit);
    },
    answer(req: Visited, res, response) {
      // First, so that the answer of a new login or a logout has the last word on the cookies.
      addHeaders(outgoingHeaders(res), req[key]?.handle?.responseHeaders() ?? []);
      return send(response, res);
    },
  };
}

function middlewareMissing(req: Request): ConfigurationError {
  return new ConfigurationError(
    `auth.of(req) was asked at ${req.method} ${req.path}, which no auth.middleware() saw.`,
    {
      code: "middleware_missing",
      option: "middleware",
      hint: "Add this line above the route: app.use(auth.middleware());",
    },
  );
}
