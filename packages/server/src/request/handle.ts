import type { Authenticator, Tokens } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import {
  loginRequired,
  providerMisconfigured,
  providerUnavailable,
  RequestError,
  reauthRequired,
  refreshNeeded,
} from "../errors.ts";
import type { Found } from "../session/found.ts";
import { providerFetch } from "../session/provider-fetch.ts";
import { revokeQuietly } from "../session/revocation.ts";
import type { OpenSession, Session } from "../session/session.ts";
import { clearSessionCookies, sessionCookies } from "../session/session-cookie.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { Sessions } from "../session/sessions.ts";
import { recall } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { type HeaderLine, privateLines } from "../web/answer-headers.ts";
import { readCookies } from "../web/cookies.ts";
import { forwardCookies } from "../web/forwarded-cookies.ts";
import { type IncomingRequest, isUpgrade } from "../web/incoming-request.ts";
import { andThen } from "../web/maybe-promise.ts";
import { readLate } from "./late-read.ts";
import type { RequestContext, RequestHandle, SignedIn } from "./request-handle.ts";

type Ready<Data> = Handle<Data> | RequestError;
// biome-ignore lint/suspicious/noExplicitAny: as above.
type AnySession<Data> = Session<Data, any>;

const noLines: readonly HeaderLine[] = Object.freeze([]);

/** The one implementation behind `RequestHandle` and `SignedIn`; only the types tell them apart. */
// biome-ignore lint/suspicious/noExplicitAny: the keys of an app are known to its types alone.
export class Handle<Data> implements SignedIn<Data, any> {
  readonly request: IncomingRequest;
  readonly #settings: Settings<Data>;
  readonly #sessions: Sessions<Data>;
  readonly #context: RequestContext;
  #found: MaybePromise<Found<Data>> | undefined;
  // Read once, at load: once an answer has begun, a runtime may refuse to be asked (Deno, after a WebSocket upgrade).
  #cookies: string | null = null;
  #session: OpenSession<Data> | null = null;
  #ended = false;
  #reauthNeeded = false;
  #renew = false;
  #clear = false;
  #foreign = false;
  #isUpgrade = false;
  #touched = false;
  #provider: string | null = null;
  #fetch: RequestHandle<Data>["fetch"] | undefined;

  constructor(
    settings: Settings<Data>,
    sessions: Sessions<Data>,
    request: IncomingRequest,
    context: RequestContext = {},
  ) {
    this.#settings = settings;
    this.#sessions = sessions;
    this.request = request;
    this.#context = context;
  }

  async session(): Promise<AnySession<Data> | null> {
    return (await this.#load())?.view ?? null;
  }

  async requireSession(): Promise<AnySession<Data>> {
    const session = await this.session();
    if (session === null) throw this.#nobody();
    return session;
  }

  async signedIn(): Promise<Handle<Data> | null> {
    const ready = await this.ready();
    if (!(ready instanceof RequestError)) return ready;
    if (ready.status === 401) return null;
    throw ready;
  }

  /** The guard's question: a login whose token works now, or the error that says why not. */
  ready(): MaybePromise<Ready<Data>> {
    return andThen(this.#load(), (session) => {
      if (session === null) return this.#nobody();
      if (this.#settings.now() < session.refreshDueAt) return this;
      return this.#refreshed(session).then(
        () => this as Ready<Data>,
        (error: unknown) => {
          if (error instanceof RequestError) return error;
          throw error;
        },
      );
    });
  }

  get current(): AnySession<Data> {
    if (this.#session === null) throw this.#nobody();
    return this.#session.view;
  }

  get reauthDueAt(): Date | null {
    return this.current.reauthDueAt;
  }

  async accessToken(): Promise<string> {
    return (await this.#tokens()).accessToken;
  }

  async hasScope(...scope: readonly string[]): Promise<boolean> {
    const session = await this.session();
    return session !== null && scope.every((item) => session.scope.includes(item));
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    // Asked first, so that a failure is this request's own error and not one of the fetch.
    await this.#tokens();
    if (this.#fetch === undefined) {
      const session = await this.#current();
      const { provider } = await recall(this.#settings, session, this.keepAlive);
      this.#fetch = providerFetch(this.#settings, provider, this.#authenticator(), session.clientId);
    }
    return this.#fetch(input, init);
  }

  /** What was asked of the provider at the last login, and what was granted. */
  async scopes(): Promise<{ readonly asked: readonly string[]; readonly granted: readonly string[] }> {
    const session = await this.#load();
    return { asked: session?.asked ?? [], granted: session?.tokens.scope ?? [] };
  }

  /** Whether the provider refused to renew the tokens: a login would help, and what needs no token goes on. */
  get reauthNeeded(): boolean {
    return this.#reauthNeeded;
  }

  /** The browser's cookie is that of another app, as far as we know. */
  get isForeign(): boolean {
    return this.#foreign;
  }

  /** The key of the provider that the person is, or was, logged in at. */
  get provider(): string | null {
    return this.#provider;
  }

  get keepAlive(): KeepAlive | undefined {
    return this.#context.waitUntil;
  }

  get clientId(): string | undefined {
    return this.#session?.clientId;
  }

  /** Ends the session: the record, the cookies, and the refresh token at the provider where that can be done. */
  async end(reason: "logout" | "replaced", successor?: { readonly key: string }): Promise<void> {
    const session = await this.#load();
    this.#clear = !this.#foreign;
    this.#renew = false;
    this.#session = null;
    if (session === null || session.key === successor?.key) return;
    await this.#sessions.delete(session);
    this.#settings.emit({ type: "session.ended", session: session.view.id, reason });
    if (reason === "logout") revokeQuietly(this.#settings, session, this.#context.waitUntil);
  }

  responseHeaders(): readonly HeaderLine[] {
    if (!this.#touched) return noLines;
    this.#touched = false;
    // Nearly every answer: the session was read, and nothing changed.
    if (!this.#renew && !this.#clear) return privateLines;
    const cookies = this.#cookieLines().map((line) => ["set-cookie", line] as const);
    this.#renew = false;
    this.#clear = false;
    return [...cookies, ...privateLines];
  }

  forwardedCookieHeader(): string | null {
    const lines = this.#cookieLines();
    if (lines.length === 0) return null;
    return forwardCookies(this.#cookies, this.#settings.cookies.session, lines);
  }

  #cookieLines(): string[] {
    const session = this.#session;
    const present = () => readCookies(this.#cookies, this.#settings.cookies.session);
    if (this.#clear) return clearSessionCookies(this.#settings, present());
    // A logout or a refresh that came while this request was on its way has told the browser itself.
    const isCurrent = session !== null && this.#renew && this.#sessions.isNewest(session);
    return isCurrent ? sessionCookies(this.#settings, this.#sessions.issue(session), present()) : [];
  }

  #load(): MaybePromise<OpenSession<Data> | null> {
    if (this.#found === undefined) {
      this.#touched = true;
      const told = this.#context.onRead?.();
      if (told !== undefined) readLate(this.#settings, this.request, told);
      this.#cookies = this.request.header("cookie");
      this.#isUpgrade = isUpgrade(this.request);
      this.#found = this.#sessions.find(this.#cookies);
      if (this.#found instanceof Promise) {
        this.#found = this.#found.then((found) => this.#take(found));
      } else {
        this.#take(this.#found);
      }
    }
    return this.#found instanceof Promise ? this.#found.then(() => this.#session) : this.#session;
  }

  #take(found: Found<Data>): Found<Data> {
    this.#session = found.session;
    this.#provider = (found.session ?? found).provider ?? null;
    this.#renew = found.renew;
    this.#clear = found.clear;
    this.#ended = found.ended;
    this.#reauthNeeded = found.reauthNeeded;
    this.#foreign = found.foreign === true;
    return found;
  }

  async #current(): Promise<OpenSession<Data>> {
    const session = await this.#load();
    if (session === null) throw this.#nobody();
    return session;
  }

  #nobody(): RequestError {
    return this.#ended ? reauthRequired("ended") : loginRequired();
  }

  async #tokens(rejected?: string): Promise<Tokens> {
    const session = await this.#current();
    // Another request has replaced the refused token already: no need to ask the provider.
    const isRefused = rejected !== undefined && rejected === session.tokens.accessToken;
    if (!isRefused && this.#settings.now() < session.refreshDueAt) return session.tokens;
    return this.#refreshed(session, isRefused);
  }

  /** Refreshes, or leaves it where that fails and the token still works. */
  async #refreshed(session: OpenSession<Data>, isRefused = false, isRepeated = false): Promise<Tokens> {
    const { now } = this.#settings;
    const stillWorks = !isRefused && now() < session.tokenExpiresAt;
    if (session.tokens.refreshToken === null) {
      if (stillWorks) return session.tokens;
      await this.#endedByProvider(session);
      throw reauthRequired("no refresh token");
    }
    const { refreshNeedsCookie } = this.#sessions;
    if (refreshNeedsCookie && (this.#isUpgrade || this.#context.canSetCookies?.() === false)) {
      // A new token that cannot be given to the browser would be lost, and a rotating provider's old one with it.
      if (stillWorks) return session.tokens;
      throw refreshNeeded();
    }
    const outcome = await this.#sessions.refresh(session, this.#context.waitUntil, isRefused);
    switch (outcome.outcome) {
      case "refreshed":
        this.#session = outcome.session;
        this.#reauthNeeded = false;
        this.#renew = refreshNeedsCookie;
        this.#touched = true;
        // What another worker wrote while this request was slow may have expired since.
        if (now() >= outcome.session.tokenExpiresAt && !isRepeated)
          return this.#refreshed(outcome.session, false, true);
        return outcome.session.tokens;
      case "ended":
        this.#session = null;
        this.#renew = false;
        // Whoever deleted the session while we held it has told the browser, and its cookie may be a new login's by now.
        this.#clear = outcome.reason !== "gone";
        this.#touched = true;
        this.#ended = outcome.reason !== "gone";
        throw outcome.reason === "gone" ? loginRequired() : reauthRequired("ended", outcome.cause);
      case "refused":
        this.#reauthNeeded = true;
        if (stillWorks) return session.tokens;
        throw reauthRequired("refused", outcome.cause);
      case "misconfigured":
        if (stillWorks) return session.tokens;
        throw providerMisconfigured(outcome.wait, outcome.cause);
      default:
        if (stillWorks) return session.tokens;
        throw providerUnavailable(outcome.wait, outcome.cause);
    }
  }

  async #endedByProvider(session: OpenSession<Data>): Promise<void> {
    await this.#sessions.delete(session);
    this.#session = null;
    this.#renew = false;
    this.#clear = true;
    this.#touched = true;
    this.#ended = true;
    this.#settings.emit({ type: "session.ended", session: session.view.id, reason: "refused" });
  }

  #authenticator(): Authenticator {
    return { tokens: (options) => this.#tokens(options?.rejected) };
  }
}
