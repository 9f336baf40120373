import { printableError } from "@pixy/core";
import type { EventLines } from "../events/emitter.ts";
import { type FullName, wordsOf } from "./grant-name.ts";

/** What happens to grants, for logs, metrics and mail. No event carries a token or a secret. */
export type GrantEvent =
  | { readonly type: "tokens.refreshed"; readonly grant: FullName; readonly rotated: boolean }
  | {
      readonly type: "refresh.failed";
      readonly grant: FullName;
      /** What it means: see docs/errors.md. */
      readonly outcome: "unavailable" | "unknown" | "misconfigured" | "refused";
      readonly error: unknown;
      /** Milliseconds until the next try. */
      readonly wait: number;
    }
  | { readonly type: "refresh.commit_failed"; readonly grant: FullName; readonly error: unknown }
  /** The provider will want a new login then. Told again until the listener, which may be async, has taken it. */
  | { readonly type: "reauth.due"; readonly grant: FullName; readonly dueAt: Date }
  | {
      readonly type: "grant.ended";
      readonly grant: FullName;
      /** `app`: by `end` or `endAll`. `refused`: by the provider. */
      readonly reason: "app" | "refused" | "too large";
      readonly error?: unknown;
    }
  | { readonly type: "revocation.failed"; readonly grant: FullName; readonly error: unknown };

/** What is printed where nobody listens: what the app or its operator has to mend, with its cause. */
export const grantLines: EventLines<GrantEvent> = {
  lineOf(event) {
    const who = `the ${wordsOf(event.grant)}`;
    switch (event.type) {
      case "refresh.commit_failed":
        return `New tokens of ${who} could not be saved. This process keeps them and tries again. Check the store.`;
      case "grant.ended":
        return event.error === undefined ? null : `Ended (${event.reason}): ${who}. ${printableError(event.error)}`;
      case "refresh.failed":
        return event.outcome === "refused" || event.outcome === "misconfigured"
          ? `A refresh of ${who} failed (${event.outcome}). ${printableError(event.error)}`
          : null;
      case "reauth.due":
        return `A new login is due on ${event.dueAt.toISOString()}: ${who}. Listen to onEvent, and write to the person.`;
      case "revocation.failed":
        return `The provider does not know that ${who} ended: the refresh token lives on. ${printableError(event.error)}`;
      default:
        return null;
    }
  },
  troubleOf: (event) => (event.type === "refresh.failed" ? wordsOf(event.grant) : null),
};
