import type { MaybePromise } from "@pixy/grants";
import { loginRequired, type RequestError, reauthRequired } from "../errors.ts";
import { type Found, nobody } from "../session/found.ts";
import type { OpenSession } from "../session/session.ts";
import { clearSessionCookies, sessionCookies } from "../session/session-cookie.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Settings } from "../settings/settings.ts";
import { type HeaderLine, privateLines } from "../web/answer-headers.ts";
import { readCookies } from "../web/cookies.ts";
import { forwardCookies } from "../web/forwarded-cookies.ts";
import { type IncomingRequest, isUpgrade } from "../web/incoming-request.ts";
import { type SetCookie, setCookieLine } from "../web/set-cookie.ts";
import { readLate } from "./late-read.ts";
import type { RequestContext } from "./request-handle.ts";

const noLines: readonly HeaderLine[] = Object.freeze([]);

/** What the end of a request's session came to. */
export interface EndedSession<Data> {
  /** Whether the browser's cookie was ours to end. */
  readonly isOurs: boolean;
  /** What has ended, in its newest form; `null` where nothing did. */
  readonly last: OpenSession<Data> | null;
}

/** The session of one request: what its Cookie header leads to, what the request makes of it, and what the browser is told. */
export class RequestSession<Data> {
  readonly settings: Settings<Data>;
  readonly sessions: Sessions<Data>;
  readonly request: IncomingRequest;
  readonly context: RequestContext;
  /** The key of the provider that the person is, or was, logged in at. */
  provider: string | null = null;
  // Read once, at load: once an answer has begun, a runtime may refuse to be asked (Deno, after a WebSocket upgrade).
  cookieHeader: string | null = null;
  #isUpgrade = false;
  #found: Found<Data> | null = null;
  #finding: Promise<Found<Data>> | null = null;
  /** Whether the answer depends on who asks, and nobody was told yet. */
  #isUntold = false;
  /** How many sessions the process had made when the cookie was looked at. */
  #madeBefore = 0;

  constructor(settings: Settings<Data>, sessions: Sessions<Data>, request: IncomingRequest, context: RequestContext) {
    this.settings = settings;
    this.sessions = sessions;
    this.request = request;
    this.context = context;
  }

  /** What the Cookie header led to, with what this request has made of it since; `null` until it is known. */
  get found(): Found<Data> | null {
    return this.#found;
  }

  get isFinding(): boolean {
    return this.#found === null && this.#finding !== null;
  }

  /** Whether the answer can still give the browser a new cookie. */
  get canGiveCookie(): boolean {
    return !this.#isUpgrade && this.context.canSetCookies?.() !== false;
  }

  load(): MaybePromise<Found<Data>> {
    if (this.#found !== null) return this.#found;
    if (this.#finding !== null) return this.#finding;
    this.#isUntold = true;
    const told = this.context.onRead?.();
    if (told !== undefined) readLate(this.settings, this.request, told);
    this.cookieHeader = this.request.header("cookie");
    this.#isUpgrade = isUpgrade(this.request);
    this.#madeBefore = this.sessions.made();
    const found = this.sessions.find(this.cookieHeader);
    if (!(found instanceof Promise)) return this.#take(found);
    this.#finding = found.then((result) => this.#take(result));
    return this.#finding;
  }

  #take(found: Found<Data>): Found<Data> {
    this.#found = found;
    this.provider = (found.session ?? found).provider ?? null;
    return found;
  }

  /** The session as it is kept, tokens and all. Throws `RequestError` where nobody is logged in. */
  async open(): Promise<OpenSession<Data>> {
    const { session } = await this.load();
    if (session === null) throw this.nobody();
    return session;
  }

  nobody(): RequestError {
    return this.#found?.ended === true ? reauthRequired("ended") : loginRequired();
  }

  /** Takes what a refresh or an update made of the session. */
  change(found: Found<Data>): void {
    this.#found = found;
    this.#isUntold ||= found.renew || found.clear;
  }

  /**
   * Ends the session: the record, and at a logout the cookies, and the refresh token where the provider lets us. Returns whether
   * the cookie was ours to end, and what has ended.
   */
  async end(reason: "logout" | "replaced", successor?: { readonly key: string }): Promise<EndedSession<Data>> {
    const { settings, sessions } = this;
    const { session, foreign = false } = await this.load();
    // A login that takes its place brings cookies of its own, also where the store cannot let the old one go.
    if (reason === "replaced") this.#found = nobody;
    let last: OpenSession<Data> | null = null;
    if (session !== null && session.key !== successor?.key) {
      last = await sessions.delete(session, reason);
      settings.emit({ type: "session.ended", session: session.view.id, reason });
      if (reason === "logout") sessions.revoke(last, this.context.waitUntil);
    }
    this.#found = { ...nobody, clear: reason === "logout" && !foreign };
    this.#madeBefore = sessions.made();
    return { isOurs: !foreign, last };
  }

  takeResponseHeaders(): readonly HeaderLine[] {
    if (!this.#isUntold) return noLines;
    this.#isUntold = false;
    const found = this.#found;
    // Nearly every answer: the session was read, and nothing changed.
    if (found === null || !(found.renew || found.clear)) return privateLines;
    // What nobody waited for ends after the headers have left: the browser's next request is led to the newer session.
    if (found.renew && found.session && this.context.canSetCookies?.() === false) this.sessions.hold(found.session);
    const lines = this.#cookies(found).map((cookie) => ["set-cookie", setCookieLine(cookie)] as const);
    this.#found = { ...found, renew: false, clear: false };
    return [...lines, ...privateLines];
  }

  forwardedCookieHeader(): string | null {
    const cookies = this.#found === null ? [] : this.#cookies(this.#found);
    return cookies.length === 0 ? null : forwardCookies(this.cookieHeader, this.settings.cookies.session, cookies);
  }

  #cookies({ session, renew, clear }: Found<Data>): readonly SetCookie[] {
    const { settings, sessions } = this;
    const present = () => readCookies(this.cookieHeader, settings.cookies.session);
    // A login that came meanwhile may have overwritten what led nowhere; where it was another browser's, the next
    // request clears it.
    if (clear) return sessions.made() === this.#madeBefore ? clearSessionCookies(settings, present()) : [];
    // A logout or a refresh that came while this request was on its way has told the browser itself.
    const isCurrent = session !== null && renew && sessions.isNewest(session);
    return isCurrent ? sessionCookies(settings, sessions.issue(session), present()) : [];
  }
}
