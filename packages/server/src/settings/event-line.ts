import { printable, printableError } from "@pixy/core";
import type { PixyEvent } from "./events.ts";

/**
 * What is printed of an event where nobody listens: what the app or its operator has to mend, with its cause. `null` for
 * what is everyday, and for what a stranger's bad request causes.
 */
export function lineOf(event: PixyEvent): string | null {
  switch (event.type) {
    case "set-up.warning":
      return printable(event.message);
    case "refresh.commit_failed":
      return "A refreshed session could not be saved. This process keeps it and tries again. Check the session store.";
    case "login.failed":
      return isOurs(event.code) ? `A login failed. ${printableError(event.error)}` : null;
    case "login.refused":
      // Somebody who clicks "Cancel" is everyday.
      return event.error === "access_denied" || event.description === undefined
        ? null
        : `The provider refused a login: ${printable(`${event.error}: ${event.description}`, 400)}`;
    case "profile.failed":
      return `The provider did not say who has logged in. ${printableError(event.error)}`;
    case "session.ended":
      return event.error === undefined ? null : `A session ended (${event.reason}). ${printableError(event.error)}`;
    case "refresh.failed":
      return event.outcome === "refused" || event.outcome === "misconfigured"
        ? `A refresh failed (${event.outcome}). ${printableError(event.error)}`
        : null;
    case "revocation.failed":
      return `A refresh token was not revoked at the provider: it lives on. ${printableError(event.error)}`;
    case "discovery.failed":
      return `The provider${event.provider === null ? "" : ` ${event.provider}`} could not be found. ${printableError(event.error)}`;
    case "provider.moved":
      return `The provider${event.provider === null ? "" : ` ${event.provider}`} moved its token endpoint from ${event.from} to ${event.to}: new logins go there. Is that right?`;
    case "session.end_failed":
      return `A session could not be deleted. ${printableError(event.error)}`;
    default:
      return null;
  }
}

/** Codes of a failed login that somebody here or at the provider has to mend. */
function isOurs(code: string): boolean {
  return /^(login_handler_failed|foreign_api|profile_unavailable|provider_|store_)/.test(code);
}
