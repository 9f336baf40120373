import { createEmitter as createEventEmitter } from "@pixy/grants";
import { lineOf } from "./event-line.ts";
import type { EmitEvent, PixyEvent } from "./events.ts";

/** Tells the app's listener, or prints what somebody has to mend; the refused refreshes of one session are one line an hour. */
export function createEmitter(onEvent: EmitEvent | undefined, now: () => number = Date.now): EmitEvent {
  const troubleOf = (event: PixyEvent) => (event.type === "refresh.failed" ? event.session : null);
  return createEventEmitter<PixyEvent>(onEvent, { lineOf, troubleOf }, now);
}
