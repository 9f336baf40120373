/**
 * Where a value stands in an answer: a member, the way to one further in, or a pure function of the whole answer.
 */
export type ProfilePath =
  | string
  | readonly (string | number)[]
  | ((answer: Readonly<Record<string, unknown>>) => unknown);

/** How a provider says who the person is: a request with the access token, claims, or both; and where what stands. */
export interface ProfileRule {
  /**
   * https, or http on loopback for a test provider; gets the access token and the provider's API headers. Without one the
   * profile is what `checkTokens` gave as claims; with one its answer is laid over them, if it is of the same `id`.
   */
  readonly url?: string | undefined;
  /** Default GET. */
  readonly method?: "GET" | "POST" | undefined;
  /** JSON, for POST. */
  readonly body?: string | undefined;
  /** Further GETs; the answer of each stands under its name in what the paths read, and one that fails is left out. */
  readonly more?: Readonly<Record<string, string>> | undefined;
  /** The scopes that it needs. */
  readonly scopes?: readonly string[] | undefined;
  /** What names the person for good: a text, or a whole number up to 2^53. */
  readonly id: ProfilePath;
  readonly name?: ProfilePath | undefined;
  readonly email?: ProfilePath | undefined;
  readonly emailVerified?: ProfilePath | undefined;
  /** An https URL. */
  readonly picture?: ProfilePath | undefined;
}
