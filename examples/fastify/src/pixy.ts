import {
  type AnswerHeaders,
  type Auth,
  addHeaders,
  type ConnectRequest,
  createAuth,
  type IncomingRequest,
  outgoingHeaders,
  type PixyOptions,
  type RequestHandle,
  readForm,
  type Verdict,
} from "@pixy/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** Login for a Fastify app. */
export interface Pixy<Data> {
  /** Adds login, callback, logout and session to an app or a part of one. */
  routes(app: FastifyInstance): void;
  requireLogin(): Guard;
  requireScope(...scope: readonly [string, ...string[]]): Guard;
  /** Returns the request's handle. */
  of(request: FastifyRequest): RequestHandle<Data>;
  /** Connects an account to a user of the app, from the handler of a POST. */
  connect(request: FastifyRequest, reply: FastifyReply, wanted: ConnectRequest): Promise<FastifyReply>;
}

export function pixy<Data = undefined>(options: PixyOptions<Data>): Pixy<Data> {
  const auth: Auth<Data> = createAuth(options);
  const handles = new WeakMap<FastifyRequest, RequestHandle<Data>>();
  const sent = new WeakSet<FastifyRequest>();

  // 4. The handle: one for each request, made when somebody asks for it.
  function of(request: FastifyRequest): RequestHandle<Data> {
    const context = { original: request, canSetCookies: () => !sent.has(request) };
    const handle = handles.get(request) ?? auth.open(toIncomingRequest(request), context);
    handles.set(request, handle);
    return handle;
  }

  function guard(decide: (handle: RequestHandle<Data>) => Verdict<Data>): Guard {
    return async (request, reply) => {
      const verdict = await decide(of(request));
      return verdict instanceof Response ? send(reply, verdict) : undefined;
    };
  }

  return {
    of,
    requireLogin: () => guard((handle) => auth.requireLogin(handle)),
    requireScope: (...scope) => guard((handle) => auth.requireScope(handle, scope)),
    connect: async (request, reply, wanted) => send(reply, await auth.connect(of(request), wanted)),
    routes(app) {
      // 3. The routes, in a part of their own, where no parser judges a body: a form is read by who asks for it.
      app.register(async (own) => {
        own.removeAllContentTypeParsers();
        own.addContentTypeParser("*", (_request, _body, done) => done(null));
        own.all(`${auth.settings.authPath}/*`, async (request, reply) => send(reply, await auth.respond(of(request))));
      });
      // 5. What reading or refreshing a session changed goes onto the app's own answer.
      app.addHook("onSend", async (request, reply) => {
        const handle = handles.get(request);
        await handle?.settled();
        sent.add(request);
        addHeaders(headersOf(reply), handle?.takeResponseHeaders() ?? []);
      });
      app.setErrorHandler(async (error, request, reply) => {
        const response = await auth.errorResponse(error, of(request));
        if (response === null) throw error;
        return send(reply, response);
      });
    },
  };
}

/** 1. The request: method, URL as the browser sent it, headers, and a form for who asks for it. */
function toIncomingRequest({ method, raw, headers }: FastifyRequest): IncomingRequest {
  return {
    method,
    url: raw.url ?? "/",
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
    form: (longest) => readForm(raw.iterator({ destroyOnReturn: false }), longest),
  };
}

/** 2. The answer, each `Set-Cookie` as a header of its own. */
async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  addHeaders(headersOf(reply), response.headers);
  return reply.status(response.status).send(Buffer.from(await response.arrayBuffer()));
}

/** 5. What `addHeaders` asks of an answer; Fastify appends a `Set-Cookie` by itself. */
function headersOf(reply: FastifyReply): AnswerHeaders {
  return outgoingHeaders({
    getHeaderNames: () => Object.keys(reply.getHeaders()),
    getHeader: (name) => reply.getHeader(name),
    setHeader: (name, value) => reply.header(name, value),
    appendHeader: (name, value) => reply.header(name, value),
    removeHeader: (name) => reply.removeHeader(name),
  });
}
