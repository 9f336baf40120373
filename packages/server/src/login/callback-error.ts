import { CallbackError, printable, TokenRequestError } from "@pixy/core";
import { SessionTooLargeError } from "@pixy/grants";
import { providerUnavailable, RequestError, type RequestErrorCode } from "../errors.ts";

const hints: Partial<Record<RequestErrorCode, string>> = {
  not_a_navigation: "The callback is a page, not an image, a frame or a fetch.",
  callback_invalid:
    "The provider's answer lacks a parameter, repeats one, or names another issuer; see the cause for which.",
  login_not_found:
    "The login cookie is missing. Was the login started on another host (localhost is not 127.0.0.1), in another " +
    "browser, more than five logins ago, or with another secret?",
  login_expired: "The person took longer than 15 minutes.",
  login_refused:
    "The provider refused the code; see the cause. Was it used before, or is the redirect URI another one?",
};

/** The error for a callback that can lead to no session; a new login may. */
export function callbackRefusal(code: RequestErrorCode, cause?: unknown): RequestError {
  return new RequestError("This login cannot be finished.", {
    code,
    status: 400,
    hint: hints[code] ?? "Start the login again.",
    cause,
  });
}

/** Why a callback without a usable `state` cannot be finished, with what the provider said all the same. */
export function withoutState(parameters: URLSearchParams): CallbackError {
  const [error, errorDescription] = ["error", "error_description"].map((name) => {
    const text = parameters.get(name);
    // A state or a code that somebody wrote there is nobody's to print.
    return text === null ? undefined : printable(text, 300).replace(/[\w-]{40,}/g, "[redacted]");
  });
  const said = [error, errorDescription].filter((text) => text !== undefined).join(": ");
  return new CallbackError(`The callback has no usable state.${said === "" ? "" : ` It says: ${said}`}`, {
    code: "state_missing",
    hint: "Compare client id and redirect URI: a provider that refuses them may send no state.",
    error,
    errorDescription,
  });
}

/** The error for a callback whose attempt was used up by an earlier one. */
export function attemptSpent(): RequestError {
  return new RequestError("This login cannot be finished.", {
    code: "login_not_found",
    status: 400,
    hint: "Start again: a callback works once.",
  });
}

/** What a failure of the exchange means for the person who waits. Throws again what is no failure of a login. */
export function callbackFailure(error: unknown): RequestError {
  if (RequestError.isInstance(error)) return error;
  if (TokenRequestError.isInstance(error)) {
    const { outcome, retryAfter = 1 } = error;
    const mayPass = outcome === "unavailable" || outcome === "unknown";
    return mayPass ? providerUnavailable(retryAfter * 1000, error) : callbackRefusal("login_refused", error);
  }
  if (SessionTooLargeError.isInstance(error)) {
    return new RequestError("The login could not be finished.", {
      code: "login_handler_failed",
      status: 503,
      hint: error.hint,
      cause: error,
    });
  }
  throw error;
}
