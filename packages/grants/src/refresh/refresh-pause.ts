import { TokenRequestError } from "@pixy/core";
import type { Refreshable, RefreshWorld } from "./refresh-world.ts";

/** Milliseconds until the next token request: 1, 2, 4 … seconds, spread by a quarter, at least what the provider asks for, at most the longest pause. */
export function pauseAfter(
  world: Pick<RefreshWorld<Refreshable>, "timing" | "random">,
  failures: number,
  cause: unknown,
): number {
  const { longestPause } = world.timing;
  const backOff = Math.min(longestPause, 1_000 * 2 ** Math.min(failures - 1, 20));
  const spread = backOff * (0.75 + 0.25 * world.random());
  const asked = TokenRequestError.isInstance(cause) && cause.retryAfter ? cause.retryAfter * 1_000 : 0;
  return Math.round(Math.min(longestPause, Math.max(spread, asked)));
}
