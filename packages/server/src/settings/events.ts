/**
 * What happens to logins and sessions, for logs and metrics. `session` is a fingerprint; no event carries a token, a
 * code, a verifier, a cookie or a secret.
 */
export type PixyEvent =
  | {
      readonly type: "login.started";
      /** The key of the provider; `null` for the only one. */
      readonly provider: string | null;
      readonly clientId: string;
      readonly scope: readonly string[];
    }
  | {
      readonly type: "login.completed";
      readonly provider: string | null;
      readonly session: string;
      readonly scope: readonly string[];
    }
  /** An account was connected to a user of the app; the grant's own events have the user's id. */
  | { readonly type: "connect.completed"; readonly provider: string | null; readonly scope: readonly string[] }
  /**
   * A login brought less than the grant that its owner has, which therefore stays: `missing` is the scope that it would
   * have lost; none where it is the refresh token.
   */
  | { readonly type: "grant.kept"; readonly provider: string | null; readonly missing: readonly string[] }
  | {
      readonly type: "login.refused";
      /** `provider`: the person said no there, or it did. `app`: by `login.refuse`, with its reason as `error`. */
      readonly by: "provider" | "app";
      readonly error: string;
      /** The provider's words, printable; never shown on a page. */
      readonly description?: string;
    }
  | { readonly type: "login.failed"; readonly code: string; readonly error: unknown }
  /** The provider did not say who has logged in: the login stands, and its data is `null`. */
  | { readonly type: "profile.failed"; readonly provider: string | null; readonly error: unknown }
  | { readonly type: "tokens.refreshed"; readonly session: string; readonly rotated: boolean }
  | {
      readonly type: "refresh.failed";
      readonly session: string;
      /** What it means: see docs/errors.md. */
      readonly outcome: "unavailable" | "unknown" | "misconfigured" | "refused";
      readonly error: unknown;
      /** Milliseconds until the next try. */
      readonly wait: number;
    }
  | { readonly type: "refresh.commit_failed"; readonly session: string; readonly error: unknown }
  | { readonly type: "reauth.due"; readonly session: string; readonly dueAt: Date }
  | {
      readonly type: "session.ended";
      readonly session: string;
      /**
       * `too large`: the tokens of a refresh did not fit into the cookie. `provider`: a route of the provider's own. `app`: by
       * `endAll` or `endSession`.
       */
      readonly reason: "logout" | "replaced" | "refused" | "too large" | "provider" | "app";
      /** What the provider said, or why the session could not be kept. */
      readonly error?: unknown;
    }
  /** A login replaced a session that the store could not delete: it ends by itself when it is not used. */
  | { readonly type: "session.end_failed"; readonly error: unknown }
  | { readonly type: "revocation.failed"; readonly session: string | null; readonly error: unknown }
  /** A provider could not be found; `provider` is its key, `null` for the only one. */
  | { readonly type: "discovery.failed"; readonly provider: string | null; readonly error: unknown }
  /** The metadata names another origin for the token endpoint: new logins go there, sessions stay where they are. */
  | { readonly type: "provider.moved"; readonly provider: string | null; readonly from: string; readonly to: string }
  | { readonly type: "cookie.rejected"; readonly reason: string }
  | { readonly type: "set-up.warning"; readonly code: string; readonly message: string };

export type EmitEvent = (event: PixyEvent) => void;
