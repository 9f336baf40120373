import type { Settings } from "../settings/settings.ts";

type Times = Pick<Settings<unknown>, "idle" | "absolute" | "now">;

/** Milliseconds of the longest time for which the end of a session is remembered. */
const longestMemory = 24 * 3600_000;

/** Milliseconds that a session lives on if nobody visits again; at least 1. `createdAt` in milliseconds since 1970. */
export function lifeLeft({ idle, absolute, now }: Times, createdAt: number): number {
  return Math.max(1, Math.min(idle, createdAt + absolute - now()));
}

/**
 * Milliseconds for which the end of a session is remembered: as long as one of its cookies may still come, and a day at
 * most. After it a store knows nothing under the cookie's id, which is as final.
 */
export function memoryOfEnd(times: Times, createdAt: number): number {
  return Math.min(longestMemory, lifeLeft(times, createdAt));
}
