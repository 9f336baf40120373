import {
  type AuthenticatedFetch,
  type Authenticator,
  type AuthenticatorOptions,
  type Claims,
  ConfigurationError,
  checkMembers,
  type Members,
  PixyError,
  readState,
  type Tokens,
} from "@pixy/core";
import { createGrants, type Grant, GrantError, type GrantName, type Grants } from "@pixy/grants";
import { LoginError, loginRequired } from "./errors.ts";
import type { Attempt } from "./login/attempt.ts";
import { loginByCallback } from "./login/by-callback.ts";
import { beginDevice, isRefusedDevice, loginByDevice } from "./login/by-device.ts";
import { type LoginLimits, withLimits } from "./login/limits.ts";
import { chooseWay, type LoginWay } from "./login/way.ts";
import { type NativeOptions, readOptions } from "./options.ts";

export interface LoginOptions extends LoginLimits {
  /** Default: the browser where there is a screen, else a device's code where the provider has it, else a pasted address. */
  readonly way?: LoginWay | undefined;
  /** In the place of the app's; somebody who is logged in with less logs in again. */
  readonly scope?: readonly string[] | undefined;
  /** Logs in although somebody is logged in: another person, or anew. */
  readonly again?: boolean | undefined;
}

/** As for `fetch`, and: */
export interface NativeRequestInit extends RequestInit {
  /** Logs in where nobody is logged in. Without it no browser opens, and a job in the night ends with `login_required`. */
  readonly interactive?: boolean | undefined;
}

/** Who is logged in, without a token and without a request to the provider. */
export interface LoginStatus {
  readonly loggedIn: boolean;
  readonly scope: readonly string[];
  /** When the access token ends, or has ended: the next request renews it. `null` where nobody knows. */
  readonly accessTokenExpiresAt: Date | null;
  /** When the provider will want a new login, whatever is refreshed; `null` where nobody knows. */
  readonly reauthDueAt: Date | null;
}

/** What a login came to. */
export interface LoginResult extends LoginStatus {
  /**
   * Who logged in, as the provider's `checkTokens` has verified, such as an ID token's claims. `null` where somebody was logged
   * in already, and for a provider without it: the tokens are kept, and the claims are the app's to keep.
   */
  readonly claims: Claims | null;
}

/** The login of a command line or a desktop app. An authenticator, too: for `authenticatedFetch`, or an SDK. */
export interface NativeAuth extends Authenticator {
  /**
   * Logs in, where nobody is logged in.
   *
   * @throws LoginError, CallbackError, TokenRequestError; the tokens that there were before are kept
   */
  login(options?: LoginOptions): Promise<LoginResult>;
  /**
   * `fetch` with a token that is valid now, which goes to the provider's API and nowhere else.
   *
   * @throws LoginError `login_required` where nobody is logged in; TokenRequestError while the provider is away
   */
  fetch(input: string | URL | Request, init?: NativeRequestInit): Promise<Response>;
  tokens(options?: AuthenticatorOptions): Promise<Tokens>;
  /** A token that is valid now. */
  accessToken(options?: AuthenticatorOptions): Promise<string>;
  status(): Promise<LoginStatus>;
  /** Ends the login: revoked where the provider can, deleted here. */
  logout(): Promise<void>;
  /**
   * Takes the URL that the system handed to a desktop app, `com.example.app:/callback?…`, and finishes the `login()` that waits.
   *
   * @throws LoginError `login_not_started` for a URL that no login of this process waits for; those go on
   */
  callback(url: string | URL): Promise<void>;
}

const owner = "user";

/**
 * Logs a person in from a command line or a desktop app, and keeps them logged in: for any number of processes, one token
 * request.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252 RFC 8252}
 * @throws ConfigurationError that says what to write instead
 * @example
 * const auth = pixy({ name: "now-playing", provider: spotify, clientId, scope: ["user-read-playback-state"] });
 * await auth.login();
 * const me = await auth.fetch("/v1/me");
 */
export function pixy(options: NativeOptions): NativeAuth {
  const settings = readOptions(options);
  const { store, name, account, loginCommand } = settings;
  const waiting = new Set<Attempt>();
  const grantName: GrantName = account === undefined ? { owner } : { owner, account };
  let opened: Promise<Grants> | undefined;

  /** The secret is read at first use, and again where that failed. */
  function grants(): Promise<Grants> {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function open(): Promise<Grants> {
    const { clientId, authentication: clientAuthentication, fetch, now, onEvent } = settings;
    const registration = { provider: () => settings.provider(), clientId, clientAuthentication };
    return createGrants({
      ...{ providers: { provider: registration }, secret: await settings.secret(), store, name, fetch, now, onEvent },
      without: ["index", "epochs"],
    });
  }

  /** Asks the grant, in words that fit a program that a person has started. */
  async function ask<T>(question: (grant: Grant) => Promise<T>): Promise<T> {
    try {
      return await question((await grants()).of(grantName));
    } catch (error) {
      throw explain(error, loginCommand);
    }
  }

  async function status(): Promise<LoginStatus> {
    try {
      return await ask(async (grant) => {
        const scope = await grant.scope();
        const accessTokenExpiresAt = await grant.accessTokenExpiresAt();
        return { loggedIn: true, scope, accessTokenExpiresAt, reauthDueAt: await grant.reauthDueAt() };
      });
    } catch (error) {
      if (!isLoginRequired(error)) throw error;
      return { loggedIn: false, scope: [], accessTokenExpiresAt: null, reauthDueAt: null };
    }
  }

  /** Whether nobody has to log in. A provider that is away is no reason to. */
  async function isLoggedIn(scope: readonly string[] | undefined): Promise<boolean> {
    try {
      await ask((grant) => grant.tokens());
    } catch (error) {
      if (isLoginRequired(error)) return false;
      if (!PixyError.isInstance(error) || error.name !== "TokenRequestError") throw error;
    }
    if (scope === undefined) return true;
    const granted = await ask((grant) => grant.scope());
    return scope.every((token) => granted.includes(token));
  }

  async function login(given: LoginOptions = {}): Promise<LoginResult> {
    checkMembers("", given, { way: 1, scope: 1, again: 1, timeLimit: 1, signal: 1 } satisfies Members<
      keyof LoginOptions
    >);
    const { scope = settings.scope, again = false } = given;
    if (!again && (await isLoggedIn(given.scope))) return { ...(await status()), claims: null };
    const ours = await grants();
    const { tokens, claims, kept } = await withLimits(given, async (signal) => {
      const { way = chooseWay(await settings.provider(), settings.machine) } = given;
      if (way === "device") {
        const device = await beginDevice(settings, scope, signal).catch((error: unknown) => {
          if (given.way === undefined && isRefusedDevice(error)) return null;
          throw error;
        });
        if (device !== null) return loginByDevice(settings, device, scope, signal);
        return loginByCallback(settings, { way: "paste", scope, during }, signal);
      }
      if (way === "browser" || way === "paste") return loginByCallback(settings, { way, scope, during }, signal);
      throw new ConfigurationError("There is no such way to log in.", {
        ...{ code: "invalid_option", option: "way", hint: 'Give "browser", "paste" or "device".' },
      });
    });
    // What another secret has sealed is this person's own, and is replaced.
    await ours.save(grantName, tokens, { kept, overwriteUnknownSecret: true }).catch((error: unknown) => {
      throw explain(error, loginCommand);
    });
    return { ...(await status()), claims };
  }

  function during(attempt: Attempt): () => void {
    waiting.add(attempt);
    return () => void waiting.delete(attempt);
  }

  const fetch: NativeAuth["fetch"] = async (input, { interactive = false, ...init } = {}) => {
    if (interactive) await login();
    return ask((grant) => (grant.fetch as AuthenticatedFetch)(input, init));
  };

  const tokens: NativeAuth["tokens"] = (given) => ask((grant) => grant.tokens(given));

  return Object.freeze({
    ...{ login, fetch, status, tokens },
    accessToken: async (given) => (await tokens(given)).accessToken,
    async logout() {
      await (await grants()).end(grantName).catch((error: unknown) => {
        throw explain(error, loginCommand);
      });
    },
    async callback(url) {
      const state = readState(url);
      const text = String(url);
      const attempt = [...waiting].find((one) => one.state === state && text.startsWith(one.redirectUri));
      const received = attempt?.receive(url) ?? null;
      if (received === null) {
        throw new LoginError("No login waits for this URL.", {
          code: "login_not_started",
          hint: "Call login() first, in the same process. Where a second copy of the app was started, hand the URL to the first.",
        });
      }
      await received;
    },
  } satisfies NativeAuth);
}

function isLoginRequired(error: unknown): boolean {
  return LoginError.isInstance(error) && error.code === "login_required";
}

/** What a login cures is told as that, with the command to run; a store's own words beat those of whoever asked it. */
function explain(error: unknown, command: string): unknown {
  if (!PixyError.isInstance(error)) return error;
  if (GrantError.isInstance(error) && error.code === "store_unavailable" && PixyError.isInstance(error.cause))
    return error.cause;
  const cured = ["grant_not_found", "unknown_secret", "grant_unreadable", "reauth_required"];
  return cured.includes(error.code) ? loginRequired(command, error) : error;
}
