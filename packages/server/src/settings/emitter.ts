import { printableError } from "@pixy/core";
import { Recent } from "@pixy/grants";
import { lineOf } from "./event-line.ts";
import type { EmitEvent, PixyEvent } from "./events.ts";
import { createLineLimit } from "./line-limit.ts";

/** Milliseconds for which the refused refreshes of one session are one line, and octets to remember that. */
const hour = 3_600_000;
const memory = 256 * 1024;

/**
 * Wraps the app's listener: its failure is printed and never becomes the failure of a login. Where nobody listens, what
 * somebody has to mend is printed. What is printed is bounded; a warning about the set-up is never left out, because
 * each comes once.
 */
export function createEmitter(onEvent: EmitEvent | undefined, now: () => number = Date.now): EmitEvent {
  const mayPrint = createLineLimit(now);
  const told = new Recent<true>(hour, memory);

  function print(event: PixyEvent): void {
    const line = lineOf(event);
    if (line === null) return;
    if (event.type === "refresh.failed") {
      if (told.get(event.session, now())) return;
      told.set(event.session, true, now(), 128);
    }
    if (event.type === "set-up.warning" || mayPrint()) console.warn(`[pixy] ${line}`);
  }

  function printFailure(error: unknown): void {
    if (mayPrint()) console.error(`[pixy] onEvent failed. ${printableError(error)}`);
  }

  return (event) => {
    try {
      if (!onEvent) return print(event);
      // An async listener is one, too: what it rejects with would end the process.
      const told: unknown = onEvent(event);
      if (told instanceof Promise) told.catch(printFailure);
    } catch (error) {
      printFailure(error);
    }
  };
}
