import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import { processState } from "../process/process-state.ts";
import { Recent } from "../process/recent.ts";
import type { RefreshOutcome } from "./refresh-outcome.ts";
import { defaultTiming } from "./refresh-world.ts";

/** Milliseconds after which a refresh is not under way any more: a worker that was stopped never says so. */
const longestFlight = 120_000;

/**
 * Lets all in this process who need the same refresh share one.
 *
 * @param name says all that sets two refreshes apart, or tokens would cross between people: who asks, of whom, for which
 *   record, from which state of it
 * @param keepAlive keeps the refresh going when whoever caused it has gone: its result must be kept
 */
export function shareFlight<Session>(
  name: readonly (string | number)[],
  lead: () => Promise<RefreshOutcome<Session>>,
  keepAlive?: (promise: Promise<unknown>) => void,
): Promise<RefreshOutcome<Session>> {
  const flights = processState("flights", () => new Recent<Promise<unknown>>(longestFlight));
  const key = name.join("\u001f");
  const asked = monotonicMilliseconds();
  const running = flights.get(key, asked) as Promise<RefreshOutcome<Session>> | undefined;
  if (running) return following(running, () => flights.delete(key, running));
  const flight: Promise<RefreshOutcome<Session>> = lead().finally(() => {
    flights.delete(key, flight);
  });
  flights.set(key, flight, asked);
  keepAlive?.(flight);
  return flight;
}

/** Waits for another's refresh, but not for ever: its worker may have been stopped. */
async function following<Session>(
  flight: Promise<RefreshOutcome<Session>>,
  onStopped: () => void,
): Promise<RefreshOutcome<Session>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<RefreshOutcome<Session>>((resolve) => {
    timer = setTimeout(() => {
      onStopped();
      resolve({ outcome: "unavailable", wait: 1_000, cause: "The refresh of another request takes too long." });
    }, defaultTiming.intent);
  });
  try {
    return await Promise.race([flight, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
