import type { Session } from "../session/session.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { HeaderLine } from "../web/answer-headers.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import type { PublicSession } from "./public-session.ts";

/** What a framework lets us do in this request. */
export interface RequestContext {
  /** The framework's own request, which the app's `ownerOf` gets. */
  readonly original?: unknown;
  /** Whether a cookie can still be set: false in a Server Component, and once the headers were sent. Default: yes. */
  readonly canSetCookies?: (() => boolean) | undefined;
  /**
   * Called as the session is first asked for: from then on the answer depends on who asks. Where its headers have left
   * already, returns the `Cache-Control` that went with them, `""` for none.
   */
  readonly onRead?: (() => string | undefined) | undefined;
  /**
   * Called in place of `refresh_needed`, where the browser has not been over the refresh route for this token: leads the
   * page there, and throws. `refused` is for `refreshPath`.
   */
  readonly onRefreshNeeded?: ((refused: string | null) => Promise<never>) | undefined;
  /** Keeps the worker running for a promise that outlives the request. */
  readonly waitUntil?: KeepAlive | undefined;
}

/** One request's login, whoever sent it. Nothing is read, opened or refreshed before it is asked for. */
export interface RequestHandle<Data = unknown, Key extends string | null = string | null> {
  readonly request: IncomingRequest;
  /**
   * Returns the session, or `null` when nobody is logged in.
   *
   * @throws RequestError when the store is away
   */
  session(): Promise<Session<Data, Key> | null>;
  /**
   * Returns the session.
   *
   * @throws RequestError `login_required` when nobody is logged in
   */
  requireSession(): Promise<Session<Data, Key>>;
  /**
   * Returns what a page may know of the session, as JSON: the answer of the session route, to begin a page with.
   *
   * @throws RequestError when the store is away
   */
  publicSession(): Promise<PublicSession<Data, Key>>;
  /** Returns the handle of a login whose token works now, or `null` when nobody is logged in. */
  signedIn(): Promise<SignedIn<Data, Key> | null>;
  /**
   * Fetches from the provider's API with a token that is valid now. Relative URLs resolve against `provider.api`, or
   * the API that the token answer named (`apiFrom`).
   *
   * @throws RequestError `login_required`, `reauth_required`, `provider_unavailable`, `provider_misconfigured`, `refresh_needed`,
   *   `store_unavailable`
   * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750 section 2.1}
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Tells whether somebody is logged in who granted all of `scope`. */
  hasScope(...scope: readonly string[]): Promise<boolean>;
  /**
   * For adapters: what `addHeaders` puts onto the answer. Whoever takes it has to send it: a second call returns nothing,
   * unless something has changed since. Nothing, too, when the session was not asked for.
   */
  takeResponseHeaders(): readonly HeaderLine[];
  /**
   * For adapters: resolves once no refresh of this request is under way whose cookie has yet to come, `null` where none
   * is. Waited for before `takeResponseHeaders`, because a stream may have begun to fetch while the app made its answer.
   */
  settled(): Promise<void> | null;
  /** For adapters: the Cookie header that the rest of this request should see, or `null` when it stays as it is. */
  forwardedCookieHeader(): string | null;
}

/** The handle of somebody who is logged in. */
export interface SignedIn<Data = unknown, Key extends string | null = string | null> extends RequestHandle<Data, Key> {
  /** The session as it is now; a refresh replaces it. */
  readonly current: Session<Data, Key>;
  /** When the provider will want a new login; `null` when it names no end. */
  readonly reauthDueAt: Date | null;
  /** Returns an access token that is valid now, for an SDK. Throws like `fetch`. */
  accessToken(): Promise<string>;
  /**
   * Changes members of `session.data`, from the newest that is kept and beside any refresh, and returns the new session. One
   * that is `undefined` is taken away.
   *
   * @throws RequestError `refresh_needed` where the cookie that it takes cannot be set; `login_required`, `reauth_required`,
   *   `store_unavailable`; `provider_unavailable` while a refresh takes too long
   * @throws ConfigurationError for what is not JSON; SessionTooLargeError
   * @example
   * await login.update({ theme: "dark" });
   */
  update(change: Partial<Data>): Promise<Session<Data, Key>>;
}

/** The session of a login: `SessionOf<typeof auth>`, for what `pixy` or `createAuth` returned. */
export type SessionOf<Login> = Login extends { of(...given: never): infer Handle }
  ? SessionIn<Awaited<Handle>>
  : Login extends { open(...given: never): infer Handle }
    ? SessionIn<Handle>
    : never;

type SessionIn<Handle> = Handle extends RequestHandle<infer Data, infer Key> ? Session<Data, Key> : never;
