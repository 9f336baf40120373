/** What a page knows of who is logged in: the answer of `/auth/session`. */
export interface PageSession<Data = unknown> {
  readonly loggedIn: true;
  readonly id: string;
  /** The key of the provider; absent where the app has one. */
  readonly provider?: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  /** Moments as `Date` writes them to JSON. */
  readonly expiresAt: string | null;
  readonly authorizedAt: string;
  readonly reauthDueAt: string | null;
  readonly createdAt: string;
  /** A login would help: the provider refuses to renew the tokens. */
  readonly reauthNeeded?: true;
  /** What the server's option `publicData` picks; absent without it. */
  readonly data?: Data | null;
}

/** What the server answers, or gives to a page to begin with. */
export type SessionAnswer<Data = unknown> = { readonly loggedIn: false } | PageSession<Data>;

/**
 * What a page shows. While it is `unavailable`, because the server or its store is away, `session` is what was known before.
 * It is never changed: something new is another object.
 */
export type PageState<Data = unknown> =
  | { readonly status: "loading"; readonly session: null }
  | { readonly status: "loggedIn"; readonly session: PageSession<Data> }
  | { readonly status: "loggedOut"; readonly session: null }
  | { readonly status: "unavailable"; readonly session: PageSession<Data> | null };

/** What pages may know of the sessions of a server's `auth`: `DataOf<typeof auth>`; any other type stands for itself. */
export type DataOf<Login> = Login extends { of(...given: never): infer Handle }
  ? Awaited<Handle> extends { publicSession(): Promise<infer Answer> }
    ? Answer extends { readonly data?: infer Data }
      ? NonNullable<Data>
      : never
    : never
  : Login;
