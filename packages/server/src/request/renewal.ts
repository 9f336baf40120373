import type { Authenticator, Tokens } from "@pixy/core";
import { RequestError, updateNeedsCookie } from "../errors.ts";
import { nobody } from "../session/found.ts";
import type { OpenSession } from "../session/session.ts";
import { leadOver } from "./lead-over.ts";
import { refreshFound } from "./refresh-found.ts";
import type { RequestSession } from "./request-session.ts";

const nothing = () => {};

/** Renews the session of one request: its tokens where they are due or refused, its data where the app changes it. */
export class Renewal<Data> implements Authenticator {
  readonly #own: RequestSession<Data>;
  #pending: Promise<void> | null = null;

  constructor(own: RequestSession<Data>) {
    this.#own = own;
  }

  /** Throws `RequestError` where none work now. */
  async tokens({ rejected }: { readonly rejected?: string | undefined } = {}): Promise<Tokens> {
    // At once where nothing has to be waited for, so that `settled` hears of a refresh that was asked for before it.
    const loaded = this.#own.load();
    const { session } = loaded instanceof Promise ? await loaded : loaded;
    if (session === null) throw this.#own.nobody();
    // Another request has replaced the refused token already: no need to ask the provider.
    const isRefused = rejected !== undefined && rejected === session.tokens.accessToken;
    if (!isRefused && this.#own.settings.now() < session.refreshDueAt) return session.tokens;
    const result = await this.refresh(session, isRefused);
    if (result instanceof RequestError) throw result;
    return result;
  }

  refresh(session: OpenSession<Data>, isRefused: boolean): Promise<Tokens | RequestError> {
    return this.#awaited(this.#refresh(session, isRefused));
  }

  async update(change: unknown): Promise<OpenSession<Data>> {
    const own = this.#own;
    const { refreshNeedsCookie } = own.sessions;
    const session = await own.open();
    if (refreshNeedsCookie && !own.canGiveCookie) throw updateNeedsCookie();
    const newer = await this.#awaited(own.sessions.update(session, change));
    if (refreshNeedsCookie && !own.canGiveCookie) own.sessions.hold(newer);
    // A logout of this very request stands.
    if (own.found?.session) own.change({ ...own.found, session: newer, renew: refreshNeedsCookie });
    return newer;
  }

  /** Whether something is under way that may change the cookie. */
  get isPending(): boolean {
    return this.#pending !== null;
  }

  /** Resolves once nothing is. */
  async settle(): Promise<void> {
    // Who waits for the session may begin a refresh with it.
    await this.#own.open().catch(nothing);
    while (this.#pending !== null) await this.#pending;
  }

  #awaited<T>(work: Promise<T>): Promise<T> {
    const pending: Promise<void> = work.then(nothing, nothing).then(() => {
      if (this.#pending === pending) this.#pending = null;
    });
    this.#pending = pending;
    return work;
  }

  async #refresh(session: OpenSession<Data>, isRefused: boolean): Promise<Tokens | RequestError> {
    const own = this.#own;
    const { settings, sessions, context, canGiveCookie } = own;
    const wish = { isRefused, canGiveCookie, waitUntil: context.waitUntil };
    const before = own.found ?? nobody;
    const { found, result } = await refreshFound(settings, sessions, before, session, wish);
    // The headers left, or the browser went, while the provider was asked.
    if (found.renew && found.session && context.canSetCookies?.() === false) sessions.hold(found.session);
    // A logout of this very request stands, whatever comes after it.
    if (own.found?.session === before.session) own.change(found);
    const isNeeded = result instanceof RequestError && result.code === "refresh_needed";
    return isNeeded ? leadOver(own, session, isRefused, result) : result;
  }
}
