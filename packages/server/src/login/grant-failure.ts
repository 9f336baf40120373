import { ConfigurationError } from "@pixy/core";
import { GrantError, StoreFullError } from "@pixy/grants";
import { connectRefused, loginRequired, RequestError, storeFull, storeUnavailable } from "../errors.ts";

/** What it means for the person who waits that a grant could not be kept; `what` came to nothing. */
export function grantFailure(error: unknown, what: "connect" | "login"): RequestError {
  if (RequestError.isInstance(error)) return error;
  if (StoreFullError.isInstance(error)) return storeFull(error);
  if (GrantError.isInstance(error)) {
    if (error.code === "account_taken") return connectRefused("account taken", error);
    if (error.code === "another_account") return connectRefused("another account", error);
    if (error.code === "store_unavailable") return storeUnavailable(error);
    // All of the owner was ended while the person was on the way.
    if (error.code === "grant_not_found") return loginRequired();
  }
  const [message, own, end] = words[what];
  return new RequestError(message, {
    code: "login_handler_failed",
    status: 503,
    hint: `${ConfigurationError.isInstance(error) ? error.message : own} See the cause. ${end}`,
    headers: { "retry-after": "1" },
    cause: error,
  });
}

const words = {
  connect: [
    "The account could not be connected.",
    "accountOf threw, or the grant could not be kept.",
    "Nothing was connected.",
  ],
  login: [
    "The login could not be finished.",
    "owner or accountOf threw, or the grant could not be kept.",
    "The person is not logged in.",
  ],
} as const;
