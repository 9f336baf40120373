import { printable, printableError } from "@pixy/core";
import { createLineLimit } from "./line-limit.ts";

/**
 * What happens to logins and sessions, for logs and metrics. `session` is a fingerprint; no event carries a token, a
 * code, a verifier, a cookie or a secret.
 */
export type PixyEvent =
  | { readonly type: "login.started"; readonly clientId: string; readonly scope: readonly string[] }
  | { readonly type: "login.completed"; readonly session: string; readonly scope: readonly string[] }
  | { readonly type: "login.refused"; readonly error: string }
  | { readonly type: "login.failed"; readonly code: string; readonly error: unknown }
  | { readonly type: "tokens.refreshed"; readonly session: string; readonly rotated: boolean }
  | { readonly type: "refresh.failed"; readonly session: string; readonly error: unknown; readonly wait: number }
  | { readonly type: "refresh.commit_failed"; readonly session: string; readonly error: unknown }
  | { readonly type: "reauth.due"; readonly session: string; readonly dueAt: Date }
  | { readonly type: "session.ended"; readonly session: string; readonly reason: "logout" | "replaced" | "refused" }
  /** A login replaced a session that the store could not delete: it ends by itself when it is not used. */
  | { readonly type: "session.end_failed"; readonly error: unknown }
  | { readonly type: "revocation.failed"; readonly session: string; readonly error: unknown }
  | { readonly type: "cookie.rejected"; readonly reason: string }
  | { readonly type: "set-up.warning"; readonly code: string; readonly message: string };

/** The events that nobody may miss: without an `onEvent` they are printed. */
const loud: ReadonlySet<PixyEvent["type"]> = new Set(["refresh.commit_failed", "set-up.warning"]);

export type EmitEvent = (event: PixyEvent) => void;

/**
 * Wraps the app's listener: its failure is printed and never becomes the failure of a login. What is printed is bounded;
 * a warning about the set-up is never left out, because each comes once.
 */
export function createEmitter(onEvent: EmitEvent | undefined, now: () => number = Date.now): EmitEvent {
  const mayPrint = createLineLimit(now);
  return (event) => {
    try {
      if (onEvent) onEvent(event);
      else if (loud.has(event.type) && (event.type === "set-up.warning" || mayPrint()))
        console.warn(`[pixy] ${printable(describe(event))}`);
    } catch (error) {
      if (mayPrint()) console.error(`[pixy] onEvent failed. ${printableError(error)}`);
    }
  };
}

function describe(event: PixyEvent): string {
  if (event.type === "set-up.warning") return event.message;
  return "A refreshed session could not be saved; it is kept in this process and saved again. Check the session store.";
}
