import { isWellFormed } from "./encoding.ts";
import { ConfigurationError, invalidOption } from "./errors.ts";

/** Further parameters of a request; a list repeats its name, as `resource` may be repeated (RFC 8707 section 2). */
export type ExtraParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a provider calls what the protocol has a name for. */
interface OwnNames {
  readonly scope?: { readonly parameter?: string | undefined } | undefined;
  readonly clientIdParameter?: string | undefined;
}

const reserved =
  /^(client_(id|secret|assertion(_type)?)|code(_verifier|_challenge(_method)?)?|grant_type|redirect_uri|response_(type|mode)|scope|state|(refresh_)?token)$/;

/** Throws `ConfigurationError` (`reserved_parameter`) for a name that carries the protocol in a login or a token request. */
export function refuseReserved(names: Iterable<string>, { scope, clientIdParameter }: OwnNames): void {
  for (const name of names) {
    if (!reserved.test(name) && name !== scope?.parameter && name !== clientIdParameter) continue;
    throw new ConfigurationError(`The parameter ${name} is not yours to set.`, {
      code: "reserved_parameter",
      option: name,
      hint: "Remove it from parameters and the endpoint: the client, the request or responseMode sets it.",
    });
  }
}

/** Appends parameters in their order; an empty value leaves its name out. Throws `ConfigurationError`. */
export function appendParameters(target: URLSearchParams, parameters: ExtraParameters): void {
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      if (!value) continue;
      if (typeof value !== "string" || !isWellFormed(value)) {
        throw invalidOption(name, "Give a string that has no half of a surrogate pair.");
      }
      target.append(name, value);
    }
  }
}
