/**
 * Says what a failed token request means for the token that it carried.
 * - `unavailable`: the provider did not do it now; the token is as good as before.
 * - `ended`: the refresh token (or the code) is dead; only a new login helps.
 * - `misconfigured`: the client's registration or the provider's description has to be changed; the token is kept.
 * - `unknown`: the provider may have acted, and its answer is lost; a refresh token may be used up.
 * - `refused`: the provider says no, but not that the token is dead: a login is offered, and the token is kept.
 */
export type TokenRequestOutcome = "unavailable" | "ended" | "misconfigured" | "unknown" | "refused";

export type TokenRequestKind = "code" | "refresh" | "revoke" | "clientCredentials" | "device";

/** An answer of the token, revocation or device authorization endpoint, as far as it can be read. */
export interface TokenAnswer {
  readonly request: TokenRequestKind;
  readonly status: number;
  /** `json`: any JSON value, whatever the media type says. `form`: declared as one. `other`: all else, and what is not read. */
  readonly body: "json" | "form" | "empty" | "other";
  /** The members of an object or a form; none for anything else. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** A provider's own reading of a failed answer; `undefined` leaves it to the table. A pure function. */
export type AnswerRule = (answer: TokenAnswer) => TokenRequestOutcome | undefined;

type Line = readonly [outcome: TokenRequestOutcome, matches: (answer: TokenAnswer, error: unknown) => boolean];

// The table of docs/errors.md, with its numbers. Line 1 and the provider's own rule (2) come before these.
const lines: readonly Line[] = [
  /* 3 */ ["ended", ({ request }, error) => error === "invalid_grant" && request !== "clientCredentials"],
  /* 4 */ ["misconfigured", ({ status }, error) => status === 404 || status === 405 || isOneOf(setUpErrors, error)],
  /* 5 */ ["unavailable", (_answer, error) => isOneOf(passingErrors, error)],
  /* 6 */ ["unavailable", ({ status, body }) => status >= 400 && body === "other"],
  /* 7 */ ["unknown", ({ status, members }, error) => status < 300 && !error && members.ok !== false],
];

const setUpErrors = ["invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_target"];
const passingErrors = ["temporarily_unavailable", "server_error", "slow_down"];

/**
 * Returns what an answer without usable tokens means: the first line of the table that matches.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 */
export function outcomeOf(answer: TokenAnswer, rule?: AnswerRule): TokenRequestOutcome {
  if (!isDecided(answer.status)) return "unavailable";
  const own = rule?.(answer);
  if (own) return own;
  const { error } = answer.members;
  // Line 8 is all else.
  return lines.find(([, matches]) => matches(answer, error))?.[0] ?? "refused";
}

/** Tells whether a status says yes or no; line 1 is all the others, whatever the body says. */
export function isDecided(status: number): boolean {
  return /^(2|4(?!08|25|29))/.test(String(status));
}

function isOneOf(errors: readonly string[], error: unknown): boolean {
  return errors.includes(error as string);
}
