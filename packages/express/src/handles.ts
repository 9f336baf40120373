import { type Auth, ConfigurationError, type RequestHandle } from "@pixy/server";
import type { Response as ExpressResponse, Request } from "express";
import onHeaders from "on-headers";
import { toIncomingRequest } from "./incoming-request.ts";
import { addHeaders, send } from "./send.ts";

/** What is known of one request. The handle is made when somebody asks for it. */
interface Attachment<Data> {
  readonly res: ExpressResponse;
  handle: RequestHandle<Data> | null;
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
  type Attached = Request & { [key]?: Attachment<Data> };

  function attach(req: Attached, res: ExpressResponse): Attachment<Data> {
    req[key] ??= { res, handle: null };
    return req[key];
  }

  function handleOf(req: Request, attachment: Attachment<Data>): RequestHandle<Data> {
    if (attachment.handle !== null) return attachment.handle;
    const { res } = attachment;
    const handle = auth.open(toIncomingRequest(req), { canSetCookies: () => !res.headersSent });
    attachment.handle = handle;
    // Late, because a refresh may change the cookie until the very moment the headers are written.
    onHeaders(res, () => addHeaders(res, handle.responseHeaders()));
    return handle;
  }

  return {
    attach,
    open: (req, res) => handleOf(req, attach(req, res)),
    of(req: Attached) {
      const attachment = req[key];
      if (attachment === undefined) throw middlewareMissing(req);
      return handleOf(req, attachment);
    },
    answer(req: Attached, res, response) {
      // First, so that the answer of a new login or a logout has the last word on the cookies.
      addHeaders(res, req[key]?.handle?.responseHeaders() ?? []);
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
