import type { Claims } from "@pixy/core";
import type { Json, JsonOf } from "./json.ts";
import type { FullProfile } from "./profile.ts";
import type { RefusedLogin } from "./refused-login.ts";

/** A login that has just succeeded, as `onLogin` sees it. */
export interface NewLogin {
  /** The key of the provider; `null` for the app's only one. */
  readonly provider: string | null;
  /** What the provider granted. */
  readonly scope: readonly string[];
  readonly clientId: string;
  readonly authorizedAt: Date;
  /** Who the person is, as the provider's `checkTokens` has verified; `null` for a provider without it. */
  readonly claims: Claims | null;
  /** The members of the token answer that the provider's `keep` names, as it wrote them. */
  readonly kept: Readonly<Record<string, Json>>;
  /**
   * With a provider whose `responseMode` is `form_post`: the further fields of its form, such as Apple's `user`. They came
   * through the browser and nothing verifies them: the person can have written them.
   */
  readonly posted: Readonly<Record<string, string>>;
  /**
   * Fetches from the provider's API with the new access token; relative URLs resolve against `provider.api`, or the API that
   * the answer named (`apiFrom`).
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * Asks the provider who the person is, once. Throws `RequestError` `profile_unavailable`, which ends the login with 503
   * unless it is caught, and `ConfigurationError` for a provider without a profile.
   */
  profile(): Promise<FullProfile>;
  /** Refuses the person, for `onLogin` to return: 403, no session, tokens revoked. `reason`: a code such as `not_invited`. */
  refuse(reason: string): RefusedLogin;
  /** The access token itself, for an SDK. */
  accessToken(): string;
}

/**
 * The app's own step of a login: what it returns is kept in the session, as JSON. `request` is the framework's own, of the
 * callback: Express's `req`, Hono's `c`, Next's `request`.
 */
export type LoginHandler<Data = unknown> = (
  login: NewLogin,
  // biome-ignore lint/suspicious/noExplicitAny: each framework has a request of its own.
  request: any,
) => Kept<Data> | RefusedLogin | Promise<Kept<Data> | RefusedLogin>;

/** Whose type is not known is checked as it comes. */
type Kept<Data> = unknown extends Data ? Data : Data & JsonOf<Data>;
