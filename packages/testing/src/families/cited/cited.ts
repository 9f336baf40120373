/** Where something was read, and when; or that it was not. */
export type Source =
  | { readonly url: string; readonly read: string; readonly by?: "title" }
  | { readonly unverified: string };

/** A request, as a page or a thread shows it. `{code}`, `{refresh_token}`, `{dead}`, `{access_token}` and `{verifier}` stand for values of the test. */
export interface CitedRequest {
  readonly method?: string;
  readonly path: string;
  /** HTTP Basic with id and secret. */
  readonly basic?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** What was answered. `<text>` and `<number>` stand for any text and number. */
export interface CitedAnswer {
  readonly status: number;
  /** JSON, unless given. */
  readonly type?: string;
  readonly body: unknown;
}

export interface Exchange {
  readonly what: string;
  readonly source: Source;
  readonly request: CitedRequest;
  readonly answer: CitedAnswer;
}

export interface Cited {
  /** The login URL, without redirect URI and state; `{challenge}` stands for one of the test. */
  readonly login: {
    readonly source: Source;
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
  };
  readonly exchanges: readonly Exchange[];
}

export function read(url: string, day: string): Source {
  return { url, read: day };
}

/** A page that was read in a stored copy and noted by its title: the address is where that page usually stands. */
export function page(url: string): Source {
  return { url, read: "2026-11-25", by: "title" };
}

/** The answers that django-allauth keeps for its tests. */
export function tested(provider: string): Source {
  const commit = "20f4bded2fd2e12d0d172d1321626a94c17ac97e";
  const file = `tests/apps/socialaccount/providers/${provider}/tests.py`;
  return read(`https://github.com/pennersr/django-allauth/blob/${commit}/${file}`, "2026-11-27");
}

/** What nobody here could read anywhere: from memory, or told at second hand. */
export function unverified(why: string): Source {
  return { unverified: why };
}

const secret = { client_id: "app", client_secret: "secret" };

export function code(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { grant_type: "authorization_code", code: "{code}", redirect_uri: "{redirect_uri}", ...more };
}

export function refresh(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { grant_type: "refresh_token", refresh_token: "{refresh_token}", ...more };
}

export const posted: Readonly<Record<string, string>> = secret;
export const dead: Readonly<Record<string, string>> = { refresh_token: "{dead}" };
