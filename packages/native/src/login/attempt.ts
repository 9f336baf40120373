import {
  buildLoginUri,
  type Client,
  createClient,
  exchangeCode,
  generateCodes,
  generateState,
  readCallback,
  readState,
  type Tokens,
} from "@pixy/core";
import type { NativeSettings } from "../options.ts";

/** One login with a browser. */
export interface Attempt {
  /** Where the person logs in. */
  readonly url: string;
  /** Where the provider sends the person back to. */
  readonly redirectUri: string;
  readonly state: string;
  /** Tokens, once they are there; rejects with what ended the login. */
  readonly tokens: Promise<Tokens>;
  /**
   * Takes what the provider sent back; `null` where it belongs to another login or to none, which changes nothing. The first
   * one counts, and a second gets the same result.
   */
  receive(answer: string | URL | URLSearchParams): Promise<Tokens> | null;
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
  const client: Client = createClient({ provider, clientId, redirectUri, authentication });
  const { verifier, challenge: codeChallenge } = await generateCodes();
  const state = generateState();
  const added =
    (await provider.authorizationParameters?.({
      clientId,
      scope,
      state,
      codeChallenge,
      parameters: settings.parameters,
    })) ?? {};
  const parameters = { ...settings.parameters, ...added.parameters };
  const url = buildLoginUri(client, { scope, state, codeChallenge, parameters }).href;

  let begun: Promise<Tokens> | null = null;
  let settle: { resolve(tokens: Tokens): void; reject(error: unknown): void } | undefined;
  const tokens = new Promise<Tokens>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits hears of it; where nobody does any more, it is no unhandled rejection.
  tokens.catch(() => {});

  async function exchange(answer: string | URL | URLSearchParams): Promise<Tokens> {
    const callback = readCallback(client, answer, { state });
    return exchangeCode(client, callback, verifier, { scope, extra: added.extra, fetch, now, signal });
  }

  return {
    ...{ url, redirectUri, state, tokens },
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
