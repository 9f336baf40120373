import type { Client } from "./client.ts";
import { redact } from "./encoding.ts";
import { CallbackError, ConfigurationError } from "./errors.ts";
import { printable } from "./printable.ts";

/** A validated authorization response: the only thing that an exchange accepts, and only once. */
export interface Callback {
  readonly code: string;
  /** The redirect URI of the login, sent again with the code. */
  readonly redirectUri: string;
  /** The provider's `iss`, where it sent one. */
  readonly issuer?: string;
}

const largest = 16_384;
// The order of the flow cannot be got wrong: what is not in here did not pass readCallback.
const validated: WeakMap<Callback, Client> = /* @__PURE__ */ new WeakMap();

/**
 * Validates what came back by redirect: duplicates, sizes, `state`, `iss`, `error`, `code`, in this order.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 section 2.4}
 * @throws CallbackError; `authorization_refused` carries the provider's `error`, and only after `state` and `iss` were right.
 * @example
 * const callback = readCallback(client, request.url, { state });
 * const tokens = await exchangeCode(client, callback, codes.verifier);
 */
export function readCallback(
  client: Client,
  url: URL | URLSearchParams | string,
  expected: { readonly state: string },
): Callback {
  const query = parse(url);
  const state = single(query, "state");
  const code = single(query, "code");
  const issuer = single(query, "iss");
  const error = single(query, "error");
  const description = single(query, "error_description", Number.POSITIVE_INFINITY);
  if (!state) throw refuse("state_missing", "The callback carries no state.", restart);
  // A plain comparison: only the browser that holds this login gets so far, and it was given the state.
  if (state !== expected.state) throw refuse("state_mismatch", "The callback belongs to another login.", restart);
  if (issuer === null) {
    if (client.provider.issuerInCallback === "required") {
      throw refuse(
        "issuer_missing",
        "The callback names no issuer.",
        'The provider announces iss; if it sends none, set issuerInCallback: "checked".',
      );
    }
  } else if (issuer !== client.provider.issuer) {
    throw refuse(
      "issuer_mismatch",
      "The callback names another issuer.",
      "Compare the provider's issuer with its metadata, character by character.",
    );
  }
  if (error) {
    throw new CallbackError(`The provider refused the login: ${printable(error, 300)}.`, {
      code: "authorization_refused",
      hint:
        error === "access_denied"
          ? "The person said no: offer the login again."
          : "Compare client id, redirect URI and scopes with the provider's dashboard.",
      error: printable(error, 300),
      errorDescription: description === null ? undefined : printable(description, 300),
    });
  }
  if (!code) throw refuse("code_missing", "The callback carries no code.", restart);
  const { redirectUri } = client;
  const callback = redact("Callback", { code, redirectUri, ...(issuer === null ? {} : { issuer }) });
  validated.set(callback, client);
  return callback;
}

/** Returns the one well-formed `state` (base64url, up to 128 characters), or null when absent, repeated or malformed. */
export function readState(url: URL | URLSearchParams | string): string | null {
  const [state, ...others] = parse(url).getAll("state");
  return state && others.length === 0 && /^[\w-]{1,128}$/.test(state) ? state : null;
}

/** Marks a callback as used; throws `ConfigurationError` for one that `readCallback` did not return for this client. */
export function spendCallback(client: Client, callback: Callback): void {
  const origin = validated.get(callback);
  validated.delete(callback);
  if (origin?.clientId !== client.clientId || origin.provider.issuer !== client.provider.issuer) {
    throw new ConfigurationError("This callback was not validated for this client, or it was used before.", {
      code: "unvalidated_callback",
      option: "callback",
      hint: "Pass the value that readCallback() returned for the same client, once: a code works only once.",
    });
  }
}

const restart = "Start a new login in the same browser; a callback URL works once, and only where the login began.";

function parse(url: URL | URLSearchParams | string): URLSearchParams {
  const text = String(url).replace(/#.*/s, "");
  return new URLSearchParams(text.slice(text.indexOf("?") + 1));
}

function single(query: URLSearchParams, name: string, limit: number = largest): string | null {
  const [value = null, ...others] = query.getAll(name);
  if (others.length > 0) throw refuse("duplicate_parameter", `The callback repeats ${name}.`, restart);
  if (value && value.length > limit)
    throw refuse("parameter_too_large", `The callback's ${name} is too large.`, restart);
  return value;
}

function refuse(
  code: ConstructorParameters<typeof CallbackError>[1]["code"],
  message: string,
  hint: string,
): CallbackError {
  return new CallbackError(message, { code, hint });
}
