/** A page or a thread that was read, in a stored copy. */
export interface Source {
  readonly url: string;
  /** The day of the last reading. */
  readonly read: string;
  /** The day that the copy bears. */
  readonly copyOf?: string;
  /** The page was noted by its title: `url` is where it usually stands, and was not opened. */
  readonly by?: "title";
}

/** What was read of a provider, for its page and for tests; in no bundle. */
export interface Facts {
  readonly title: string;
  /** Where to register an app, and how. */
  readonly register: string;
  readonly redirects: string;
  /** How the example proves itself. */
  readonly client: "none" | "basic" | "post";
  /** What gives a refresh token. */
  readonly refreshToken: string;
  readonly odd: readonly string[];
  /** What nobody here could read at the provider or at a witness: from memory, or told at second hand. */
  readonly unverified: readonly string[];
  readonly sources: readonly Source[];
  /** What the example asks for. */
  readonly scope: readonly string[];
  /** How the example makes the provider, where it is not the preset itself. */
  readonly expression?: string;
  /** The issuer to find, where no preset is needed, and what its metadata do not say. */
  readonly discover?: string;
  readonly given?: { readonly refreshTokens: { readonly retryUnknown: false } };
  /** Whether its tokens are too large for a cookie. */
  readonly store?: boolean;
}
