import { TokenRequestError, type TokenRequestErrorCode } from "./errors.ts";
import { printable } from "./printable.ts";
import type { TokenAnswer, TokenRequestOutcome } from "./refusals.ts";
import { readRetryAfter } from "./retry-after.ts";

export interface TokenFailure {
  readonly outcome: TokenRequestOutcome;
  /** Milliseconds. */
  readonly now: number;
  /** Default: what follows from the outcome. */
  readonly code?: keyof typeof hints;
  /** What the answer brought, for the message. */
  readonly what?: string;
}

/** Makes the error of an answer that failed; its words are the provider's, printable. */
export function tokenFailure(response: Response, answer: TokenAnswer, failure: TokenFailure): TokenRequestError {
  const { outcome, now } = failure;
  const error = textOf(answer.members.error);
  const code = failure.code ?? codeOf(response, outcome, error);
  const what = failure.what ?? error ?? `status ${answer.status}`;
  return new TokenRequestError(`The provider answered with ${what}.`, {
    code,
    outcome,
    status: answer.status,
    hint: hintOf(answer, code, outcome),
    error,
    errorDescription: textOf(answer.members.error_description),
    retryAfter: readRetryAfter(response, now) ?? undefined,
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value ? printable(value, 300) : undefined;
}

const codes: Readonly<Record<TokenRequestOutcome, keyof typeof hints>> = {
  unavailable: "provider_unavailable",
  ended: "token_request_refused",
  misconfigured: "provider_misconfigured",
  unknown: "invalid_token_response",
  refused: "token_request_refused",
};

function codeOf(response: Response, outcome: TokenRequestOutcome, error: string | undefined): keyof typeof hints {
  const { status, type, redirected } = response;
  // One that was followed, one that fetch hides, or a plain one.
  if (redirected || type === "opaqueredirect" || (status >= 300 && status < 400)) return "token_endpoint_redirected";
  if (status === 429) return "rate_limited";
  return error === "invalid_client" && outcome === "misconfigured" ? "client_authentication_failed" : codes[outcome];
}

const hints: Readonly<Record<Exclude<TokenRequestErrorCode, "provider_timeout" | "tokens_rejected">, string>> = {
  client_authentication_failed:
    "Check the client id and the client authentication: none(), secretBasic() or secretPost() (for odd characters in a secret).",
  provider_misconfigured:
    "Check tokenEndpoint, and the client's grant types and resources in the provider's dashboard.",
  token_type_unsupported: "Have the provider issue Bearer tokens. If this type works as Bearer, add it to tokenTypes.",
  token_endpoint_redirected: "Set tokenEndpoint to the final URL.",
  rate_limited: "Wait for retryAfter seconds; the tokens you have stay valid.",
  provider_unavailable:
    "Try again later; the tokens you have stay valid. A page in the place of JSON comes from a proxy or a firewall.",
  invalid_token_response: "Check that the endpoint is the provider's token endpoint and that no proxy answers for it.",
  token_request_refused: "Compare the client's registration with the provider's dashboard.",
};

function hintOf({ request }: TokenAnswer, code: keyof typeof hints, outcome: TokenRequestOutcome): string {
  if (request === "revoke") {
    return "The token lives on until it expires: check revocationEndpoint and the client authentication, or try again.";
  }
  if (outcome !== "ended") return hints[code];
  return request === "code"
    ? "A code works once, for a few minutes, with its login's redirect URI and verifier. Start a new login."
    : "The refresh token has ended. Send the user through a new login.";
}
