import {
  type AuthenticatedFetch,
  type Authenticator,
  type AuthenticatorOptions,
  expiresAt,
  isExpired,
  PixyError,
  providerFetch,
  ReauthRequiredError,
  TokenRequestError,
  type Tokens,
  withApiOf,
} from "@pixy/core";
import type { RefreshOutcome } from "../refresh/refresh-outcome.ts";
import { reauthDueAt } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import { grantNotFound } from "./grant-error.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { type FullName, wordsOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { type GrantRefresh, providerOf } from "./grant-refresh.ts";

/**
 * One person's authorization at one provider: an authenticator that asks the store each time, so that it may be kept or made
 * anew. Rejects with `ReauthRequiredError` when only a new login helps (`kept`: or a later try), with `TokenRequestError`
 * while the provider is away, with `GrantError` where there is no grant or it cannot be read.
 */
export interface Grant extends Authenticator {
  tokens(options?: AuthenticatorOptions): Promise<Tokens>;
  /** A token that is valid now. */
  accessToken(options?: AuthenticatorOptions): Promise<string>;
  /** `fetch` with a valid token, which goes to the provider's API and nowhere else. */
  readonly fetch: AuthenticatedFetch;
  /** What the provider granted. */
  scope(): Promise<readonly string[]>;
  /** When the access token that is kept ends, or has ended; it is renewed before. `null` where nobody knows. */
  accessTokenExpiresAt(): Promise<Date | null>;
  /** When the provider will want a new login, whatever is refreshed; `null` where nobody knows. */
  reauthDueAt(): Promise<Date | null>;
}

export function createGrant(
  settings: GrantSettings,
  ledger: GrantLedger,
  refresh: GrantRefresh,
  name: FullName,
): Grant {
  const { now } = settings;
  let fetchApi: AuthenticatedFetch | undefined;

  async function read(): Promise<OpenGrant> {
    const found = await ledger.findNamed(name);
    if (found.state === "there") return found.grant;
    if (found.state === "unreadable") throw found.error;
    throw found.state === "ended" ? reauthRequired() : grantNotFound(wordsOf(name));
  }

  async function tokens({ rejected, signal }: AuthenticatorOptions = {}): Promise<Tokens> {
    signal?.throwIfAborted();
    const grant = await read();
    await ledger.prolong(grant);
    const isRefused = rejected !== undefined && rejected === grant.tokens.accessToken;
    if (!isRefused && now() < grant.refreshDueAt) return grant.tokens;
    return abortable(renewed(grant, isRefused), signal);
  }

  /** Refreshes, or leaves it where that fails and the token still works. */
  async function renewed(grant: OpenGrant, isRefused: boolean, isRepeated = false): Promise<Tokens> {
    const stillWorks = !isRefused && !isExpired(grant.tokens, now());
    if (grant.tokens.refreshToken === null) {
      if (stillWorks) return grant.tokens;
      throw noRefreshToken();
    }
    const outcome = await refresh(grant, isRefused);
    if (outcome.outcome === "refreshed") {
      // Whoever ended everything of the owner meanwhile has ended this, too.
      if ((await ledger.epochOf(name.owner)) > outcome.session.epoch) throw grantNotFound(wordsOf(name));
      const { tokens } = outcome.session;
      // What another worker wrote while we were slow may have expired since.
      return isExpired(tokens, now()) && !isRepeated ? renewed(outcome.session, false, true) : tokens;
    }
    if (outcome.outcome === "ended") {
      // Another grant may have been saved in its place while the answer was on its way.
      const found = isRepeated ? null : await ledger.find(grant.key, wordsOf(name));
      if (found?.state === "there" && found.grant.id !== grant.id) {
        return now() < found.grant.refreshDueAt ? found.grant.tokens : renewed(found.grant, false, true);
      }
      throw outcome.reason === "gone" ? grantNotFound(wordsOf(name)) : reauthRequired(outcome.cause);
    }
    if (stillWorks) return grant.tokens;
    throw errorOf(outcome);
  }

  return {
    tokens,
    async accessToken(options) {
      return (await tokens(options)).accessToken;
    },
    async fetch(input, init) {
      if (fetchApi === undefined) {
        const grant = await read();
        const provider = await providerOf(settings, grant);
        if (provider instanceof Error) throw provider;
        const { clientId, kept } = grant;
        const made = providerFetch(withApiOf(provider, kept), { tokens }, { clientId, fetch: settings.fetch });
        // An API that an answer names is another one after a refresh: asked for each time.
        if (provider.apiFrom !== undefined) return made(input, init);
        fetchApi = made;
      }
      return fetchApi(input, init);
    },
    async scope() {
      return (await read()).tokens.scope;
    },
    async accessTokenExpiresAt() {
      return dateOf(expiresAt((await read()).tokens));
    },
    async reauthDueAt() {
      const grant = await read();
      const provider = await providerOf(settings, grant);
      if (provider instanceof Error) throw provider;
      return dateOf(reauthDueAt(grant.tokens, provider.refreshTokens));
    },
  };
}

function dateOf(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}

/** Ends one caller's wait; a refresh that others wait for goes on. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
    // Its failure, if it comes, was somebody else's to hear.
    work.catch(() => {});
  }
}

function reauthRequired(cause?: unknown): ReauthRequiredError {
  return new ReauthRequiredError("The provider no longer accepts the refresh token.", {
    hint: "Ask the person to log in again, and save the new tokens. Until then jobs skip this grant.",
    cause,
  });
}

function noRefreshToken(): ReauthRequiredError {
  return new ReauthRequiredError("The access token expired, and no refresh token came with it.", {
    hint: "Ask the person to log in again. Providers give a refresh token for the scope offline_access, or for access_type=offline and prompt=consent.",
  });
}

type Failed = Exclude<RefreshOutcome<OpenGrant>, { readonly outcome: "refreshed" | "ended" }>;

/** What callers are told of a failure; another worker's is told as one of ours. */
function errorOf({ outcome, cause, wait }: Failed): Error {
  if (outcome === "refused") {
    return new ReauthRequiredError("The provider refused the refresh token.", {
      kept: true,
      hint: "Offer the person a login, and go on with other grants. This one is kept and tried after a pause.",
      cause,
    });
  }
  if (PixyError.isInstance(cause)) return cause;
  const retryAfter = Math.max(1, Math.ceil(wait / 1000));
  if (outcome === "misconfigured") {
    return new TokenRequestError("The provider does not accept this app at the moment.", {
      ...{ code: "provider_misconfigured", outcome, retryAfter, cause },
      hint: "Compare client id, client authentication and token endpoint with the registration; the grant is kept.",
    });
  }
  return new TokenRequestError("The provider cannot be reached at the moment.", {
    ...{ code: "provider_unavailable", outcome, retryAfter, cause },
    hint: "Try again after a pause; the grant is kept.",
  });
}
