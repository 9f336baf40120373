import type { RecordedRequest } from "./recorded-request.ts";

/** Every rule that the server watches over. */
export const rules = [
  "unknown_client",
  "redirect_uri_missing",
  "redirect_uri_not_registered",
  "redirect_uri_mismatch",
  "response_type",
  "challenge_missing",
  "challenge_method",
  "challenge_form",
  "scope_form",
  "request_method",
  "content_type",
  "parameter_in_query",
  "duplicate_parameter",
  "missing_parameter",
  "unknown_parameter",
  "grant_type",
  "client_authentication",
  "code_replayed",
  "code_of_another_client",
  "verifier_missing",
  "verifier_form",
  "verifier_mismatch",
  "verifier_entropy",
  "verifier_reused",
  "refresh_scope",
  "refresh_token_of_another_client",
  "device_code_of_another_client",
  "device_polled_too_fast",
  "access_token_in_query",
  "redirect_followed",
] as const;

/** A rule that a client broke: each is a sentence of RFC 6749, 6750, 7009, 7636, 8628, 9700 or of OAuth 2.1. */
export type Rule = (typeof rules)[number];

/** A broken rule, a sentence that says how, and the request that broke it. */
export interface Violation {
  readonly rule: Rule;
  readonly message: string;
  readonly request: RecordedRequest;
}
