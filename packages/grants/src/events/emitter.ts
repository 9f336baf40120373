import { printableError } from "@pixy/core";
import { Recent } from "../process/recent.ts";
import type { MaybePromise } from "../record/record-store.ts";
import { createLineLimit } from "./line-limit.ts";

/** Milliseconds for which events about the same trouble are one line, and octets to remember that. */
const hour = 3_600_000;
const memory = 256 * 1024;

/** What is printed of events where nobody listens. */
export interface EventLines<Event> {
  /** The line of an event; `null` for what is everyday, and for what a stranger's bad request causes. */
  lineOf(event: Event): string | null;
  /** Names the trouble that an event belongs to, which is printed once an hour; `null` prints each. */
  troubleOf(event: Event): string | null;
}

/** Tells the app of an event; `false` where its listener failed. At once, unless the listener is async. */
export type Emit<Event> = (event: Event) => MaybePromise<boolean>;

/**
 * Wraps the app's listener: its failure is printed and never becomes the failure of what happened. Where nobody listens,
 * what somebody has to mend is printed. What is printed is bounded; a warning about the set-up is never left out, because
 * each comes once.
 */
export function createEmitter<Event extends { readonly type: string }>(
  listener: ((event: Event) => unknown) | undefined,
  lines: EventLines<Event>,
  now: () => number = Date.now,
): Emit<Event> {
  const mayPrint = createLineLimit(now);
  const told = new Recent<true>(hour, memory);

  function print(event: Event): boolean {
    const line = lines.lineOf(event);
    if (line === null) return true;
    const trouble = lines.troubleOf(event);
    if (trouble !== null) {
      if (told.get(trouble, now())) return true;
      told.set(trouble, true, now(), 128);
    }
    if (event.type === "set-up.warning" || mayPrint()) console.warn(`[pixy] ${line}`);
    return true;
  }

  function failed(error: unknown): boolean {
    if (mayPrint()) console.error(`[pixy] onEvent failed. ${printableError(error)}`);
    return false;
  }

  return (event) => {
    try {
      if (!listener) return print(event);
      // An async listener is one, too: what it rejects with would end the process.
      const answer: unknown = listener(event);
      return answer instanceof Promise ? answer.then(() => true, failed) : true;
    } catch (error) {
      return failed(error);
    }
  };
}
