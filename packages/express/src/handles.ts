import {
  type Auth,
  addHeaders,
  ConfigurationError,
  type IncomingRequest,
  outgoingHeaders,
  type RequestContext,
  type RequestHandle,
  readForm,
  sentCacheControl,
} from "@pixy/server";
import type { Response as ExpressResponse, Request } from "express";
import onHeaders from "on-headers";

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

  get original(): Request {
    return this.req;
  }

  get method(): string {
    return this.req.method;
  }

  get url(): string {
    return urlOf(this.req);
  }

  /** Node joins repeated ones, all but a few. */
  header(name: string): string | null {
    const value = this.req.headers[name];
    return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
  }

  /** Also where `express.urlencoded()` has read it. */
  async form(longest: number): Promise<URLSearchParams | null> {
    const { req } = this;
    if (!req.readableDidRead) return readForm(req.iterator({ destroyOnReturn: false }), longest);
    // A parser makes more than texts of what a stranger sends: `a[toString]=x` is an object that is no text.
    const parsed: unknown = req.body;
    if (typeof parsed !== "object" || parsed === null) return null;
    const members = Object.entries(parsed);
    return members.every(([, value]) => typeof value === "string") ? new URLSearchParams(members) : null;
  }

  onRead(): string | undefined {
    return sentCacheControl(this.res);
  }

  canSetCookies(): boolean {
    // A response whose browser has gone is destroyed.
    return !this.res.headersSent && !this.res.destroyed;
  }
}

/** Keeps the handle of each request, one per request and instance. */
export interface Handles<Data> {
  /** Lets `of` work for this request, and returns it as the server asks it; costs next to nothing. */
  attach(req: Request, res: ExpressResponse): IncomingRequest;
  /** Returns the request's handle; throws `ConfigurationError` when nothing has attached one. */
  of(req: Request): RequestHandle<Data>;
  /** Returns the request's handle, attached or not. */
  open(req: Request, res: ExpressResponse): RequestHandle<Data>;
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
    onHeaders(res, () => addHeaders(outgoingHeaders(res), handle.takeResponseHeaders()));
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
  };
}

/** The path and query of the request line, also where it has them behind a scheme and a host (RFC 9112 section 3.2.2). */
function urlOf(req: Request): string {
  // `url` has lost the path below which a router is mounted. Of an `upgrade` of Node's server it is all there is.
  const url = req.originalUrl ?? req.url;
  if (url.startsWith("/")) return url;
  return url.replace(/^https?:\/\/[^/?]*(.?)/i, (_start, next) => (next === "/" ? "/" : `/${next}`));
}

function middlewareMissing(req: Request): ConfigurationError {
  return new ConfigurationError(`auth.of(req) was called at ${req.method} ${req.path}, before auth.middleware().`, {
    code: "middleware_missing",
    option: "middleware",
    hint: "Add this line above the route: app.use(auth.middleware());",
  });
}
