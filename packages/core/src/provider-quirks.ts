import type { ExtraParameters } from "./parameters.ts";
import type { ProfileRule } from "./profile-rule.ts";
import type { AnswerRule, TokenRequestKind } from "./refusals.ts";
import type { RevocationShape } from "./revocation.ts";

/** Parameters that the provider wants in every request of a kind, e.g. `resource` (RFC 8707 section 2.2). */
export interface RequestParameters {
  /** In the login URL. */
  readonly authorization?: ExtraParameters;
  /** Added to it where the person shall see which account it is, e.g. `prompt=select_account`. */
  readonly accountChoice?: ExtraParameters;
  readonly code?: ExtraParameters;
  readonly refresh?: ExtraParameters;
}

/** Headers by name; `{client_id}` in a value is replaced. */
export type ProviderHeaders = Readonly<Record<string, string>>;

/** How a provider's answers differ from RFC 6749; pure functions. */
export interface AnswerReader {
  /** Reads a failed answer; comes after line 1 of the table in docs/errors.md and before all the others. */
  readonly error?: AnswerRule;
  /** Finds the members of RFC 6749 section 5.1 in an answer that has them elsewhere. */
  readonly tokens?: (
    members: Readonly<Record<string, unknown>>,
    request: TokenRequestKind,
  ) => Readonly<Record<string, unknown>>;
}

/** How a provider differs from RFC 6749 and RFC 7636; without a member it does not. */
export interface ProviderQuirks {
  /** Where refreshes go; default: the token endpoint. */
  readonly refreshEndpoint?: string | undefined;
  /** `{client_id}` in it is replaced. */
  readonly revocationEndpoint?: string | undefined;
  readonly revocation?: RevocationShape | undefined;
  /** Where a device asks for the codes of a login on another screen, RFC 8628. */
  readonly deviceAuthorizationEndpoint?: string | undefined;
  /** The base of relative URLs given to an authenticated fetch; its origin is the one that gets tokens. */
  readonly api?: string | undefined;
  /** The member in `keep` that names the API of this login, and the ends of the hosts it may name, e.g. `.salesforce.com`. */
  readonly apiFrom?: { readonly member: string; readonly hosts: readonly string[] } | undefined;
  /**
   * `unsupportedByProvider`: neither challenge nor verifier is sent, because the provider ignores or refuses them; then a
   * client needs a secret. Default: S256, always.
   */
  readonly pkce?: "unsupportedByProvider" | undefined;
  /** How the login URL names scopes: what stands between them (default a space), and the parameter (default `scope`). */
  readonly scope?: { readonly separator?: " " | "," | undefined; readonly parameter?: string | undefined } | undefined;
  /** What the provider calls `client_id`. */
  readonly clientIdParameter?: string | undefined;
  readonly parameters?: RequestParameters | undefined;
  /**
   * `form_post`: the provider answers a login by a form that it has the browser post to the callback, as Apple does (OAuth 2.0
   * Form Post Response Mode). Only a server can take it. Default: by the query of a redirect.
   */
  readonly responseMode?: "form_post" | undefined;
  /** `token`: for token and revocation requests. `api`: for requests to the API, where the caller's own header wins. */
  readonly headers?:
    | { readonly token?: ProviderHeaders | undefined; readonly api?: ProviderHeaders | undefined }
    | undefined;
  /** Seconds that an access token lives where the answer does not say. */
  readonly accessTokens?: { readonly lifetime: number } | undefined;
  readonly profile?: ProfileRule | undefined;
  /** Members of the answer to a code that are handed to `onLogin`, as `login.kept`. */
  readonly keep?: readonly string[] | undefined;
  readonly answer?: AnswerReader | undefined;
  /** The `token_type`s that it answers, in any case; each is sent as `Bearer`. Absent: `Bearer` alone. */
  readonly tokenTypes?: readonly string[] | undefined;
  /** The provider's own rule for redirect URIs; throws `ConfigurationError`. */
  readonly checkRedirectUri?: ((redirectUri: string) => void) | undefined;
}
