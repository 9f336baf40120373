import { type Authenticator, providerFetch, type Tokens, withApiOf } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import { loginRequired, RequestError, reauthRequired, updateNeedsCookie } from "../errors.ts";
import { type Found, nobody } from "../session/found.ts";
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
import { allowsPass, createPasses, failureOf, fingerprintOf, passAfter } from "./passes.ts";
import { type PublicSession, publicSessionOf } from "./public-session.ts";
import { refreshFound } from "./refresh-found.ts";
import type { RequestContext, RequestHandle, SignedIn } from "./request-handle.ts";

type Ready<Data> = Handle<Data> | RequestError;
// biome-ignore lint/suspicious/noExplicitAny: the keys of an app are known to its types alone.
type AnySession<Data> = Session<Data, any>;

const noLines: readonly HeaderLine[] = Object.freeze([]);
const nothing = () => {};

function isNeeded(result: Tokens | RequestError): result is RequestError {
  return result instanceof RequestError && result.code === "refresh_needed";
}

/** The one implementation behind `RequestHandle` and `SignedIn`; only the types tell them apart. One for each request. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export class Handle<Data> implements SignedIn<Data, any> {
  readonly request: IncomingRequest;
  readonly #settings: Settings<Data>;
  readonly #sessions: Sessions<Data>;
  readonly #context: RequestContext;
  /** What the Cookie header led to, and what this request has made of it since; `null` until it is known. */
  #found: Found<Data> | null = null;
  #finding: Promise<Found<Data>> | null = null;
  /** Whether the answer depends on who asks, and nobody was told yet. */
  #isUntold = false;
  // Read once, at load: once an answer has begun, a runtime may refuse to be asked (Deno, after a WebSocket upgrade).
  #cookies: string | null = null;
  #isUpgrade = false;
  #provider: string | null = null;
  /** How many sessions the process had made when the cookie was looked at. */
  #madeBefore = 0;
  #settled: Promise<void> | null = null;
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
    return (await this.#load()).session?.view ?? null;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async publicSession(): Promise<PublicSession<Data, any>> {
    return publicSessionOf(this.#settings, await this.session(), this.reauthNeeded);
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
    return andThen(this.#load(), ({ session }): MaybePromise<Ready<Data>> => {
      if (session === null) return this.#nobody();
      if (this.#settings.now() < session.refreshDueAt) return this;
      return this.#refreshed(session, false).then((result) => (result instanceof RequestError ? result : this));
    });
  }

  get current(): AnySession<Data> {
    const session = this.#found?.session;
    if (!session) throw this.#nobody();
    return session.view;
  }

  get reauthDueAt(): Date | null {
    return this.current.reauthDueAt;
  }

  async accessToken(): Promise<string> {
    return (await this.#tokens()).accessToken;
  }

  async update(change: Partial<Data>): Promise<AnySession<Data>> {
    const { refreshNeedsCookie } = this.#sessions;
    const session = await this.#current();
    if (refreshNeedsCookie && !this.#canGiveCookie) throw updateNeedsCookie();
    const newer = await this.#awaited(this.#sessions.update(session, change));
    if (refreshNeedsCookie && !this.#canGiveCookie) this.#sessions.hold(newer);
    // A logout of this very request stands.
    if (this.#found?.session) this.#found = { ...this.#found, session: newer, renew: refreshNeedsCookie };
    this.#isUntold ||= refreshNeedsCookie;
    return newer.view;
  }

  /** Whether the answer can still give the browser a new cookie. */
  get #canGiveCookie(): boolean {
    return !this.#isUpgrade && this.#context.canSetCookies?.() !== false;
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
      this.#fetch = providerFetch(withApiOf(provider, session.kept), this.#authenticator(), {
        clientId: session.clientId,
        fetch: this.#settings.fetch,
      });
    }
    return this.#fetch(input, init);
  }

  /** What was asked of the provider at the last login, and what was granted. */
  async scopes(): Promise<{ readonly asked: readonly string[]; readonly granted: readonly string[] }> {
    const { session } = await this.#load();
    return { asked: session?.asked ?? [], granted: session?.tokens.scope ?? [] };
  }

  /** Whether the provider refused to renew the tokens: a login would help, and what needs no token goes on. */
  get reauthNeeded(): boolean {
    return this.#found?.reauthNeeded === true;
  }

  /** The key of the provider that the person is, or was, logged in at. */
  get provider(): string | null {
    return this.#provider;
  }

  /** The session as it is kept, tokens and all. */
  async opened(): Promise<OpenSession<Data> | null> {
    return (await this.#load()).session;
  }

  /** The same, looked for again where this request has seen it: another one may have renewed it meanwhile. */
  async newest(): Promise<OpenSession<Data> | null> {
    const seen = this.#found?.session ?? null;
    if (seen === null) return this.opened();
    const { session } = await this.#sessions.find(this.#cookies);
    if (session !== null && session.fence > seen.fence) this.#found = { ...(this.#found ?? nobody), session };
    return this.opened();
  }

  /** The framework's own request. */
  get original(): unknown {
    return this.#context.original ?? this.request;
  }

  get keepAlive(): KeepAlive | undefined {
    return this.#context.waitUntil;
  }

  get clientId(): string | undefined {
    return this.#found?.session?.clientId;
  }

  /**
   * Ends the session: the record, and at a logout the cookies, and the refresh token where the provider lets us. Returns
   * whether the browser's cookie was ours to end.
   */
  async end(reason: "logout" | "replaced", successor?: { readonly key: string }): Promise<boolean> {
    const { session, foreign = false } = await this.#load();
    // A login that takes its place brings cookies of its own, also where the store cannot let the old one go.
    if (reason === "replaced") this.#found = nobody;
    if (session !== null && session.key !== successor?.key) {
      await this.#sessions.delete(session, reason);
      this.#settings.emit({ type: "session.ended", session: session.view.id, reason });
      if (reason === "logout") this.#sessions.revoke(session, this.keepAlive);
    }
    this.#found = { ...nobody, clear: reason === "logout" && !foreign };
    this.#madeBefore = this.#sessions.made();
    return !foreign;
  }

  /**
   * Renews tokens that are due, or whose fingerprint this is, unless the browser came for them a moment ago. Returns the
   * Set-Cookie lines that remember it.
   */
  async pass(refused: string | null): Promise<readonly string[]> {
    const { session } = await this.#load();
    if (session === null) return [];
    const fingerprint = await fingerprintOf(session.tokens);
    const isRefused = refused === fingerprint;
    if (!isRefused && this.#settings.now() < session.refreshDueAt) return [];
    const passes = createPasses(this.#settings);
    const before = await passes.read(this.#cookies);
    if (!allowsPass(before, fingerprint, isRefused)) return [];
    const after = await passAfter(before, fingerprint, await this.#refreshed(session, isRefused));
    return after === null ? [] : [await passes.write(after)];
  }

  takeResponseHeaders(): readonly HeaderLine[] {
    if (!this.#isUntold) return noLines;
    this.#isUntold = false;
    const found = this.#found;
    // Nearly every answer: the session was read, and nothing changed.
    if (found === null || !(found.renew || found.clear)) return privateLines;
    const cookies = this.#cookieLines(found).map((line) => ["set-cookie", line] as const);
    this.#found = { ...found, renew: false, clear: false };
    return [...cookies, ...privateLines];
  }

  settled(): Promise<void> | null {
    if (!this.#sessions.refreshNeedsCookie) return null;
    const isFinding = this.#found === null && this.#finding !== null;
    return isFinding || this.#settled !== null ? this.#settle() : null;
  }

  async #settle(): Promise<void> {
    // Who waits for the session may begin a refresh with it.
    await this.#current().catch(nothing);
    while (this.#settled !== null) await this.#settled;
  }

  forwardedCookieHeader(): string | null {
    const lines = this.#found === null ? [] : this.#cookieLines(this.#found);
    if (lines.length === 0) return null;
    return forwardCookies(this.#cookies, this.#settings.cookies.session, lines);
  }

  #cookieLines({ session, renew, clear }: Found<Data>): string[] {
    const present = () => readCookies(this.#cookies, this.#settings.cookies.session);
    // A login that came meanwhile may have overwritten what led nowhere; where it was another browser's, the next
    // request clears it.
    if (clear) return this.#sessions.made() === this.#madeBefore ? clearSessionCookies(this.#settings, present()) : [];
    // A logout or a refresh that came while this request was on its way has told the browser itself.
    const isCurrent = session !== null && renew && this.#sessions.isNewest(session);
    return isCurrent ? sessionCookies(this.#settings, this.#sessions.issue(session), present()) : [];
  }

  #load(): MaybePromise<Found<Data>> {
    if (this.#found !== null) return this.#found;
    if (this.#finding !== null) return this.#finding;
    this.#isUntold = true;
    const told = this.#context.onRead?.();
    if (told !== undefined) readLate(this.#settings, this.request, told);
    this.#cookies = this.request.header("cookie");
    this.#isUpgrade = isUpgrade(this.request);
    this.#madeBefore = this.#sessions.made();
    const found = this.#sessions.find(this.#cookies);
    if (!(found instanceof Promise)) return this.#take(found);
    this.#finding = found.then((result) => this.#take(result));
    return this.#finding;
  }

  #take(found: Found<Data>): Found<Data> {
    this.#found = found;
    this.#provider = (found.session ?? found).provider ?? null;
    return found;
  }

  async #current(): Promise<OpenSession<Data>> {
    const { session } = await this.#load();
    if (session === null) throw this.#nobody();
    return session;
  }

  #nobody(): RequestError {
    return this.#found?.ended === true ? reauthRequired("ended") : loginRequired();
  }

  async #tokens(rejected?: string): Promise<Tokens> {
    // At once where nothing has to be waited for, so that `settled` hears of a refresh that was asked for before it.
    const loaded = this.#load();
    const { session } = loaded instanceof Promise ? await loaded : loaded;
    if (session === null) throw this.#nobody();
    // Another request has replaced the refused token already: no need to ask the provider.
    const isRefused = rejected !== undefined && rejected === session.tokens.accessToken;
    if (!isRefused && this.#settings.now() < session.refreshDueAt) return session.tokens;
    const result = await this.#refreshed(session, isRefused);
    if (result instanceof RequestError) throw result;
    return result;
  }

  #refreshed(session: OpenSession<Data>, isRefused: boolean): Promise<Tokens | RequestError> {
    return this.#awaited(this.#refresh(session, isRefused));
  }

  /** Has `settled` wait for what may change the cookie. */
  #awaited<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<void> = work.then(nothing, nothing).then(() => {
      if (this.#settled === settled) this.#settled = null;
    });
    this.#settled = settled;
    return work;
  }

  async #refresh(session: OpenSession<Data>, isRefused: boolean): Promise<Tokens | RequestError> {
    const canGiveCookie = this.#canGiveCookie;
    const wish = { isRefused, canGiveCookie, waitUntil: this.keepAlive };
    const before = this.#found ?? nobody;
    const { found, result } = await refreshFound(this.#settings, this.#sessions, before, session, wish);
    // The headers left, or the browser went, while the provider was asked.
    if (found.renew && found.session && this.#context.canSetCookies?.() === false) this.#sessions.hold(found.session);
    // A logout of this very request stands, whatever comes after it.
    if (this.#found?.session === before.session) {
      this.#found = found;
      // The answer may have named another API.
      if (found.session !== before.session) this.#fetch = undefined;
      this.#isUntold ||= found.renew || found.clear;
    }
    return isNeeded(result) ? this.#lead(session, isRefused, result) : result;
  }

  /** Leads a page that cannot set cookies over the refresh route; who has been there finds what came of it. */
  async #lead(session: OpenSession<Data>, isRefused: boolean, error: RequestError): Promise<Tokens | RequestError> {
    const { onRefreshNeeded } = this.#context;
    if (onRefreshNeeded === undefined) return error;
    const fingerprint = await fingerprintOf(session.tokens);
    const pass = await createPasses(this.#settings).read(this.#cookies);
    if (allowsPass(pass, fingerprint, isRefused)) return onRefreshNeeded(isRefused ? fingerprint : null);
    // The API refuses what was brought from there, too: the page gets its answer.
    if (isRefused && pass.brought === fingerprint) return session.tokens;
    return failureOf(pass) ?? error;
  }

  #authenticator(): Authenticator {
    return { tokens: (options) => this.#tokens(options?.rejected) };
  }
}
