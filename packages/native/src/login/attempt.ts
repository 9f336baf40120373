import {
  type AttemptAddition,
  type AttemptStart,
  buildLoginUri,
  type Claims,
  type Client,
  ConfigurationError,
  exchangeCode,
  generateCodes,
  generateState,
  type KeptMembers,
  type Provider,
  pushedLoginUri,
  readCallback,
  readState,
  registeredClient,
  type Tokens,
} from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import type { NativeSettings } from "../options.ts";

/** What a login brought. */
export interface Exchanged {
  readonly tokens: Tokens;
  /** Who the person is, as the provider's `checkTokens` has verified; `null` for a provider without it. */
  readonly claims: Claims | null;
  /** Members of the answer that the provider's `keep` names. */
  readonly kept: KeptMembers;
}

/** One login with a browser. */
export interface Attempt {
  /** Where the person logs in. */
  readonly url: string;
  /** Where the provider sends the person back to. */
  readonly redirectUri: string;
  readonly state: string;
  /** Tokens, once they are there; rejects with what ended the login. */
  readonly exchanged: Promise<Exchanged>;
  /**
   * Takes what the provider sent back; `null` where it belongs to another login or to none, which changes nothing. The first
   * one counts, and a second gets the same result.
   */
  receive(answer: string | URL | URLSearchParams): Promise<Exchanged> | null;
}

/** Begins a login: codes, state, and what the provider adds. */
export async function beginAttempt(
  settings: NativeSettings,
  redirectUri: string,
  scope: readonly string[],
  signal: AbortSignal,
): Promise<Attempt> {
  const { clientId, authentication, fetch, now } = settings;
  const provider = await settings.provider();
  if (provider.responseMode !== undefined) throw postsItsAnswer();
  const client: Client = registeredClient({ provider, clientId, redirectUri, authentication });
  const { verifier, challenge: codeChallenge } = await generateCodes();
  const state = generateState();
  const added = (await additionOf(settings, provider, { scope, state, codeChallenge })) ?? {};
  const parameters = { ...settings.parameters, ...added.parameters };
  const { href: url } = await pushedLoginUri(
    client,
    buildLoginUri(client, { scope, state, codeChallenge, parameters }),
  );

  let begun: Promise<Exchanged> | null = null;
  let settle: { resolve(exchanged: Exchanged): void; reject(error: unknown): void } | undefined;
  const exchanged = new Promise<Exchanged>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits hears of it; where nobody does any more, it is no unhandled rejection.
  exchanged.catch(() => {});

  async function exchange(answer: string | URL | URLSearchParams): Promise<Exchanged> {
    const callback = readCallback(client, answer, { state });
    const { found, onClaims, onKept } = collect();
    const options = { scope, extra: added.extra, fetch, now, signal, onClaims, onKept };
    return found(await exchangeCode(client, callback, verifier, options));
  }

  return {
    ...{ url, redirectUri, state, exchanged },
    receive(answer) {
      if (readState(answer) !== state) return null;
      if (begun === null) {
        begun = exchange(answer);
        begun.then(settle?.resolve, settle?.reject);
      }
      return begun;
    },
  };
}

/** What the provider adds to a login, and keeps for it. */
export function additionOf(
  { clientId, parameters }: NativeSettings,
  provider: Provider,
  start: Pick<AttemptStart, "scope" | "state" | "codeChallenge">,
): MaybePromise<AttemptAddition | undefined> {
  return provider.authorizationParameters?.({ clientId, parameters, ...start });
}

/** Collects what comes beside the tokens. */
export function collect(): {
  readonly onClaims: (claims: Claims) => void;
  readonly onKept: (kept: KeptMembers) => void;
  readonly found: (tokens: Tokens) => Exchanged;
} {
  let claims: Claims | null = null;
  let kept: KeptMembers = {};
  return {
    onClaims: (checked) => {
      claims = checked;
    },
    onKept: (named) => {
      kept = named;
    },
    found: (tokens) => ({ tokens, claims, kept }),
  };
}

function postsItsAnswer(): ConfigurationError {
  return new ConfigurationError("The provider posts its answer, which only a server can take.", {
    code: "invalid_option",
    option: "provider.responseMode",
    hint: "Log in on a server, with the adapter of its framework, or leave responseMode out where the provider can redirect.",
  });
}
