import { isWellFormed } from "./encoding.ts";
import { ConfigurationError } from "./errors.ts";

/** Further parameters of a request; a list repeats its name, as `resource` may be repeated (RFC 8707 section 2). */
export type ExtraParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

const reserved =
  /^(client_(id|secret|assertion(_type)?)|code(_verifier|_challenge(_method)?)?|grant_type|redirect_uri|response_(type|mode)|scope|state|(refresh_)?token)$/;

/** Throws `ConfigurationError` (`reserved_parameter`) for a name that carries the protocol in a login or a token request. */
export function refuseReserved(names: Iterable<string>): void {
  for (const name of names) {
    if (!reserved.test(name)) continue;
    throw new ConfigurationError(`The parameter ${name} is not yours to set.`, {
      code: "reserved_parameter",
      option: name,
      hint: "Remove it from parameters and the endpoint; use the field of the client or the request. For response_mode it is the provider's responseMode.",
    });
  }
}

/** Appends parameters in their order; an empty value leaves its name out. Throws `ConfigurationError`. */
export function appendParameters(target: URLSearchParams, parameters: ExtraParameters): void {
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values].flat()) {
      if (!value) continue;
      if (typeof value !== "string" || !isWellFormed(value)) {
        throw new ConfigurationError(`${name} is not valid.`, {
          code: "invalid_option",
          option: name,
          hint: "Give a string that has no half of a surrogate pair.",
        });
      }
      target.append(name, value);
    }
  }
}
