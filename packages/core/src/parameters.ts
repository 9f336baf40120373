import { isWellFormed } from "./encoding.ts";
import { ConfigurationError } from "./errors.ts";

/** Further parameters of a request; a list repeats its name, as `resource` may be repeated (RFC 8707 section 2). */
export type ExtraParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a token request writes itself, or must not be told twice. */
export const reservedInTokenRequest: RegExp =
  /^(grant_type|code|code_verifier|redirect_uri|refresh_token|token|scope|client_(id|secret|assertion|assertion_type))$/;

/** Throws `ConfigurationError` (`reserved_parameter`) for a name that carries the protocol. */
export function refuseReserved(names: Iterable<string>, reserved: RegExp): void {
  for (const name of names) {
    if (!reserved.test(name)) continue;
    throw new ConfigurationError(`The parameter ${name} is not yours to set.`, {
      code: "reserved_parameter",
      option: name,
      hint: "Remove it from parameters and the endpoint; use the field of the client or the request. A response_mode is always the query.",
    });
  }
}

/** Appends parameters in their order; an empty value leaves its name out. Throws `ConfigurationError`. */
export function appendParameters(target: URLSearchParams, parameters: ExtraParameters): void {
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values].flat()) {
      if (!value) continue;
      if (!isWellFormed(value)) {
        throw new ConfigurationError(`${name} is not valid.`, {
          code: "invalid_option",
          option: name,
          hint: "The text contains half of a surrogate pair.",
        });
      }
      target.append(name, value);
    }
  }
}
