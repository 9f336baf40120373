import { type Claims, exchangeCode, type KeptMembers, readCallback } from "@pixy/core";
import type { IssuedSession } from "../session/session.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { Sessions } from "../session/sessions.ts";
import { recall } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { CookieEntry } from "../web/cookies.ts";
import type { ReturnPath } from "../web/return-path.ts";
import type { SetCookie } from "../web/set-cookie.ts";
import type { Attempt } from "./attempt.ts";
import { createAttempts } from "./attempts.ts";
import { createExchanges, type Exchanged, isUnspent } from "./exchanges.ts";
import { createFinishConnect } from "./finish-connect.ts";
import { type Caller, createFinishLogin } from "./finish-login.ts";
import { createFinishedLogins } from "./finished-logins.ts";
import { postedFields } from "./posted-fields.ts";
import { createSpentAttempts } from "./spent-attempts.ts";
import { createStartLogin, type StartLogin } from "./start-login.ts";

/** What a state leads to in the browser that brought it. */
export type FoundAttempt =
  | { readonly attempt: Attempt }
  /** The attempt is spent: where its login led to, or the start page. */
  | { readonly spent: ReturnPath }
  | { readonly problem: "absent" | "expired" | "unreadable" };

/** The logins of an app, from the click to the session: attempts in their browsers, and each code sent once. */
export interface Logins {
  readonly start: StartLogin;
  /** Finds what a state leads to in this browser, at the callback of this provider. Opens one cookie at most. */
  find(state: string, present: readonly CookieEntry[], provider: string | null): Promise<FoundAttempt>;
  /** The cookies that take an attempt from this browser and remember that it is spent. */
  spend(attempt: Attempt, present: readonly CookieEntry[]): Promise<readonly SetCookie[]>;
  /**
   * Checks what the provider sent back, exchanges the code and finishes the login. A code is sent once, also when a
   * browser sends the callback twice: its twin gets the same session (RFC 6749 section 4.1.2).
   *
   * @throws CallbackError when the provider sent back no usable code
   * @throws TokenRequestError when the code was not exchanged
   * @throws RequestError `login_not_found`, `too_many_logins`, those of `recall`, and those of `FinishLogin`
   */
  finish(attempt: Attempt, parameters: URLSearchParams, caller?: Caller): Promise<IssuedSession>;
  /**
   * The same for an account that is connected to a user of the app: what it brings is kept in the app's grants, and no
   * session is made.
   *
   * @throws RequestError `connect_refused`, too
   */
  connect(attempt: Attempt, parameters: URLSearchParams, owner: string, keepAlive?: KeepAlive): Promise<void>;
  /** The cookies that clear what logins left in this browser. */
  clear(present: readonly CookieEntry[]): readonly SetCookie[];
}

export function createLogins<Data>(settings: Settings<Data>, sessions: Sessions<Data>): Logins {
  const { fetch, now } = settings;
  const attempts = createAttempts(settings);
  const spent = createSpentAttempts(settings);
  const exchanges = createExchanges(settings);
  const finished = createFinishedLogins(settings);
  const finishLogin = createFinishLogin(settings, sessions);
  const finishConnect = createFinishConnect(settings);

  /** Checks what the provider sent back, and prepares to send its code, once. */
  async function prepare(attempt: Attempt, parameters: URLSearchParams, keepAlive: KeepAlive | undefined) {
    const { state, verifier, scope, extra } = attempt;
    const recalled = await recall(settings, attempt, keepAlive);
    const client = recalled.way.client(recalled.provider, attempt.clientId);
    const callback = readCallback(client, parameters, { state });
    return async (): Promise<Exchanged> => {
      let claims: Claims | null = null;
      const onClaims = (checked: Claims) => {
        claims = checked;
      };
      let kept: KeptMembers = {};
      const onKept = (named: KeptMembers) => {
        kept = named;
      };
      const options = { fetch, now, scope, extra, onClaims, onKept };
      const tokens = await exchanges.run(state, () => exchangeCode(client, callback, verifier, options));
      const posted = recalled.provider.responseMode === "form_post" ? postedFields(parameters) : {};
      return { recalled, tokens, claims, kept, posted };
    };
  }

  return {
    start: createStartLogin(settings, attempts),
    async find(state, present, provider) {
      const found = await attempts.find(state, present, provider);
      if ("attempt" in found || !(await spent.has(state, present))) return found;
      return { spent: (await finished.returnTo(state)) ?? settings.homeUrl };
    },
    async spend({ state }, present) {
      return [attempts.forget(state), await spent.add(state, present)];
    },
    async finish(attempt, parameters, caller = {}) {
      const exchange = await prepare(attempt, parameters, caller.keepAlive);
      try {
        return await finished.once(attempt, async () => {
          return sessions.issue(await finishLogin(attempt, await exchange(), caller));
        });
      } catch (error) {
        if (isUnspent(error)) await finished.forget(attempt.state);
        throw error;
      }
    },
    async connect(attempt, parameters, owner, keepAlive) {
      const exchange = await prepare(attempt, parameters, keepAlive);
      try {
        await finished.once(attempt, async () => {
          await finishConnect(attempt, await exchange(), owner, keepAlive);
          return null;
        });
      } catch (error) {
        if (isUnspent(error)) await finished.forget(attempt.state);
        throw error;
      }
    },
    clear: (present) => [...attempts.forgetAll(present), ...spent.clear(present)],
  };
}
