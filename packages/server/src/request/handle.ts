import { providerFetch, withApiOf } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import { RequestError } from "../errors.ts";
import type { OpenSession, Session } from "../session/session.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { Sessions } from "../session/sessions.ts";
import { recall } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { HeaderLine } from "../web/answer-headers.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { andThen } from "../web/maybe-promise.ts";
import { type PublicSession, publicSessionOf } from "./public-session.ts";
import { Renewal } from "./renewal.ts";
import type { RequestContext, RequestHandle, SignedIn } from "./request-handle.ts";
import { RequestSession } from "./request-session.ts";

type Ready<Data> = Handle<Data> | RequestError;
// biome-ignore lint/suspicious/noExplicitAny: the keys of an app are known to its types alone.
type AnySession<Data> = Session<Data, any>;

/** The one implementation behind `RequestHandle` and `SignedIn`; only the types tell them apart. One for each request. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export class Handle<Data> implements SignedIn<Data, any> {
  // Hidden from whoever prints a handle: the Cookie header is in it.
  readonly #own: RequestSession<Data>;
  #renewal: Renewal<Data> | null = null;
  #fetch: { readonly of: OpenSession<Data>; readonly fetch: RequestHandle<Data>["fetch"] } | null = null;

  constructor(
    settings: Settings<Data>,
    sessions: Sessions<Data>,
    request: IncomingRequest,
    context: RequestContext = {},
  ) {
    this.#own = new RequestSession(settings, sessions, request, context);
  }

  get own(): RequestSession<Data> {
    return this.#own;
  }

  get request(): IncomingRequest {
    return this.own.request;
  }

  async session(): Promise<AnySession<Data> | null> {
    return (await this.opened())?.view ?? null;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async publicSession(): Promise<PublicSession<Data, any>> {
    return publicSessionOf(this.own.settings, await this.session(), this.own.found?.reauthNeeded === true);
  }

  async requireSession(): Promise<AnySession<Data>> {
    return (await this.own.open()).view;
  }

  async signedIn(): Promise<Handle<Data> | null> {
    const ready = await this.ready();
    if (!(ready instanceof RequestError)) return ready;
    if (ready.status === 401) return null;
    throw ready;
  }

  /** The guard's question: a login whose token works now, or the error that says why not. */
  ready(): MaybePromise<Ready<Data>> {
    return andThen(this.own.load(), ({ session }): MaybePromise<Ready<Data>> => {
      if (session === null) return this.own.nobody();
      if (this.own.settings.now() < session.refreshDueAt) return this;
      return this.renewal.refresh(session, false).then((result) => (result instanceof RequestError ? result : this));
    });
  }

  get current(): AnySession<Data> {
    const session = this.own.found?.session;
    if (!session) throw this.own.nobody();
    return session.view;
  }

  get reauthDueAt(): Date | null {
    return this.current.reauthDueAt;
  }

  async accessToken(): Promise<string> {
    return (await this.renewal.tokens()).accessToken;
  }

  async update(change: Partial<Data>): Promise<AnySession<Data>> {
    return (await this.renewal.update(change)).view;
  }

  async hasScope(...scope: readonly string[]): Promise<boolean> {
    const session = await this.session();
    return session !== null && scope.every((item) => session.scope.includes(item));
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    // Asked first, so that a failure is this request's own error and not one of the fetch.
    await this.renewal.tokens();
    const session = await this.own.open();
    // A refresh may have named another API.
    if (this.#fetch?.of !== session) this.#fetch = { of: session, fetch: await this.#fetchOf(session) };
    return this.#fetch.fetch(input, init);
  }

  async #fetchOf(session: OpenSession<Data>): Promise<RequestHandle<Data>["fetch"]> {
    const { settings } = this.own;
    const { provider } = await recall(settings, session, this.keepAlive);
    const { clientId, kept } = session;
    return providerFetch(withApiOf(provider, kept), this.renewal, { clientId, fetch: settings.fetch });
  }

  /** What was asked of the provider at the last login, and what was granted. */
  async scopes(): Promise<{ readonly asked: readonly string[]; readonly granted: readonly string[] }> {
    const session = await this.opened();
    return { asked: session?.asked ?? [], granted: session?.tokens.scope ?? [] };
  }

  /** The key of the provider that the person is, or was, logged in at. */
  get provider(): string | null {
    return this.own.provider;
  }

  get clientId(): string | undefined {
    return this.own.found?.session?.clientId;
  }

  /** The session as it is kept, tokens and all. */
  async opened(): Promise<OpenSession<Data> | null> {
    return (await this.own.load()).session;
  }

  /** The framework's own request. */
  get original(): unknown {
    return this.own.context.original ?? this.request;
  }

  get keepAlive(): KeepAlive | undefined {
    return this.own.context.waitUntil;
  }

  /** Made when it is asked for: most requests find a token that works. */
  get renewal(): Renewal<Data> {
    this.#renewal ??= new Renewal(this.own);
    return this.#renewal;
  }

  takeResponseHeaders(): readonly HeaderLine[] {
    return this.own.takeResponseHeaders();
  }

  settled(): Promise<void> | null {
    if (!this.own.sessions.refreshNeedsCookie) return null;
    return this.own.isFinding || this.#renewal?.isPending === true ? this.renewal.settle() : null;
  }

  forwardedCookieHeader(): string | null {
    return this.own.forwardedCookieHeader();
  }
}
