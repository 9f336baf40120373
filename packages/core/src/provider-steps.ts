import type { Claims } from "./claims.ts";
import type { ExtraParameters } from "./parameters.ts";
import type { Tokens } from "./tokens.ts";

/** A login that is about to begin. */
export interface AttemptStart {
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly state: string;
  readonly codeChallenge: string;
  /** The further parameters that are asked for in this login, e.g. `max_age`. */
  readonly parameters: ExtraParameters;
}

/** Whose login it is, for `pushLogin`. */
export interface PushingClient {
  readonly clientId: string;
  /** Adds the client's identity to a request to this endpoint. */
  authenticate(body: URLSearchParams, headers: Headers, endpoint: string): void | Promise<void>;
}

/** What a provider adds to one login. */
export interface AttemptAddition {
  /** Further parameters of the login URL; those that carry the protocol are refused. */
  readonly parameters?: ExtraParameters | undefined;
  /** Texts that `checkTokens` gets back, such as a nonce; kept sealed with the attempt, at most 512 octets as JSON. */
  readonly extra?: AttemptExtra | undefined;
}

export type AttemptExtra = Readonly<Record<string, string>>;

/** What tokens were asked for, for `checkTokens`. */
export type TokenCheck = {
  readonly clientId: string;
  /** Milliseconds since 1970, taken before the request was sent. */
  readonly now: number;
} /** `device`: a login on another screen, which sends none of the parameters that `authorizationParameters` adds. */ & (
  | { readonly request: "code" | "device"; readonly extra: AttemptExtra }
  /** `tokens`: those that are being replaced. */
  | { readonly request: "refresh"; readonly tokens: Tokens }
);

/** What a check of a token answer has found. */
export interface CheckedTokens {
  readonly claims?: Claims | undefined;
  /** Texts that are kept with the tokens, as `tokens.extra`; without them those of before a refresh stay. */
  readonly extra?: AttemptExtra | undefined;
}

/** What a request is sent with, for `proveRequest`. */
export interface ProofGrant {
  /** `null` for a request to the token endpoint. */
  readonly accessToken: string | null;
  /** `null` at first; then the 400 or 401 that the request got, which may bring a nonce. */
  readonly answer: { readonly status: number; readonly headers: Headers } | null;
  /** What was kept for this login: with its attempt, later with its tokens. */
  readonly extra?: AttemptExtra | undefined;
}

/** Headers for a request, which is the same object both times; after an `answer` nothing, where the request is not to be sent again. */
export type ProveRequest = (
  request: { readonly method: string; readonly url: string },
  grant: ProofGrant,
) => ProofHeaders | Promise<ProofHeaders>;

type ProofHeaders = Readonly<Record<string, string>> | null | undefined;

/** A session that is about to end, for `logoutUri`. */
export interface LogoutStart {
  readonly clientId: string;
  readonly tokens: Tokens;
  /** The app's page after a logout, an absolute URL. */
  readonly returnTo: string;
}

/** What was sent to a route of a provider's own: a form of 16 kB at most. */
export interface ProviderRouteRequest {
  readonly form: URLSearchParams;
  /** Reads a header by its lower-case name. */
  header(name: string): string | null;
}

/** Whose sessions: by the claims `sub` or `sid` that `checkTokens` gave at the login; `sid` where both are there. */
export type SessionsOf =
  | { readonly sub: string; readonly sid?: string | undefined }
  | { readonly sub?: undefined; readonly sid: string };

/** What a route of a provider's own may do. */
export interface ProviderRouteTools {
  /** The app's registration at the provider. */
  readonly clientId: string;
  /** Ends sessions that began at this provider, and returns how many there were. */
  endSessions(of: SessionsOf): Promise<number>;
}

/** Answers what a provider sends, e.g. a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.5). */
export type ProviderRoute = (request: ProviderRouteRequest, tools: ProviderRouteTools) => Response | Promise<Response>;

/**
 * What a provider does beyond OAuth 2.0 with PKCE, for identity and proofs (OpenID Connect, RFC 9449). Nothing here is known to
 * the rest: it calls these functions at their moments and looks into nothing that they give.
 */
export interface ProviderSteps {
  /** Adds to each login, e.g. a `nonce` (OpenID Connect Core section 3.1.2.1). What it throws ends the login before it begins. */
  readonly authorizationParameters?:
    | ((attempt: AttemptStart) => AttemptAddition | Promise<AttemptAddition>)
    | undefined;
  /**
   * Sends what a login asks for to the provider itself, and returns the URL that the browser takes instead of `uri` (RFC 9126).
   * Throws a `TokenRequestError`: `unavailable` for what may pass, else `misconfigured`.
   */
  readonly pushLogin?: ((uri: URL, client: PushingClient) => Promise<URL>) | undefined;
  /**
   * Checks the whole token answer, after a code exchange and after a refresh, before its tokens are used or kept, e.g. an
   * ID token (OpenID Connect Core sections 3.1.3.7 and 12.2). Returns claims for `onLogin` and what is kept with the tokens, or
   * nothing. What it throws becomes a `TokenRequestError` `tokens_rejected`: `refused`; `unknown` for a `TokenRequestError`
   * that may pass; and `ended` for one that says so, e.g. because the tokens are another person's.
   */
  readonly checkTokens?:
    | ((
        answer: Readonly<Record<string, unknown>>,
        asked: TokenCheck,
        // biome-ignore lint/suspicious/noConfusingVoidType: a check that only throws returns nothing.
      ) => CheckedTokens | undefined | void | Promise<CheckedTokens | undefined | void>)
    | undefined;
  /**
   * Proves each token request and each API request, e.g. with a `DPoP` header (RFC 9449); an `authorization` takes the place of
   * `Bearer`. Called again for a 400 or 401: what it returns then is sent, once. A body that is a stream is not sent again.
   */
  readonly proveRequest?: ProveRequest | undefined;
  /**
   * Says where the browser goes to end the login at the provider, too (OpenID Connect RP-Initiated Logout 1.0); from there it
   * comes back to `returnTo`. Nothing, or what it throws: the app's page follows at once. Either way the session has ended.
   */
  readonly logoutUri?:
    | ((logout: LogoutStart) => string | null | undefined | Promise<string | null | undefined>)
    | undefined;
  /**
   * Routes of its own, by name: a server answers a form that is posted to `/auth/provider/NAME`, with several providers to
   * `/auth/provider/KEY/NAME`. Anybody may send one: the route has to check who did. Needs a session store with an index.
   */
  readonly routes?: Readonly<Record<string, ProviderRoute>> | undefined;
}
