// Every moment is in milliseconds since 1970 and every time in milliseconds, until a cookie says seconds.

/** How long a person has for a login: the attempt's cookie, its seal, and what a process remembers of its callback. */
export const attemptLife: number = 15 * 60_000;
/** How long a browser remembers that an attempt is spent. */
export const spentLife: number = 24 * 3_600_000;
/** How long a browser remembers that it went over the refresh route. */
export const passLife: number = 10_000;
/** How long the end of a session is remembered at most. */
export const longestMemory: number = 24 * 3_600_000;
/** How long the answer of a login, or what a refresh brought, may be on its way to the browser. */
export const onItsWay = 60_000;
/** The longest `Max-Age` that a browser takes, in seconds: 400 days (RFC 6265bis section 5.5). */
export const longestMaxAge: number = 400 * 86_400;

/** The share of the idle time after which a session that is in use is prolonged. */
const idleShare = 0.1;

interface Times {
  readonly idle: number;
  readonly absolute: number;
  readonly now: () => number;
}

/** When a session ends for good, however often it is used. */
export function absoluteEnd({ absolute }: Times, createdAt: number): number {
  return createdAt + absolute;
}

/** When a session that is used now ends, if it is not used again. */
export function idleEnd(times: Times, createdAt: number): number {
  return Math.min(times.now() + times.idle, absoluteEnd(times, createdAt));
}

/** How long a session lives on if nobody visits again; at least 1. */
export function lifeLeft(times: Times, createdAt: number): number {
  return Math.max(1, idleEnd(times, createdAt) - times.now());
}

/** Whether a session that was prolonged at a moment is to be prolonged again. */
export function isIdleDue({ idle, now }: Times, prolongedAt: number): boolean {
  return now() - prolongedAt >= idle * idleShare;
}

/** Whether a sealed session that ends at a moment would live longer if it were sealed now. */
export function isSealDue(times: Times, expiresAt: number, createdAt: number): boolean {
  return expiresAt - times.now() < times.idle * (1 - idleShare) && expiresAt < absoluteEnd(times, createdAt);
}

/**
 * How long the end of a session is remembered: as long as one of its cookies may still come, and a day at most. After it a
 * store knows nothing under the cookie's id, which is as final.
 */
export function memoryOfEnd(times: Times, createdAt: number): number {
  return Math.min(longestMemory, lifeLeft(times, createdAt));
}

/** Seconds for the `Max-Age` of a cookie that ends at a moment; at least 1, because 0 clears it. */
export function maxAgeUntil({ now }: Pick<Times, "now">, endsAt: number): number {
  return Math.max(1, Math.floor((endsAt - now()) / 1000));
}

/** Seconds for the `Max-Age` of a cookie that lives for a time. */
export function maxAgeOf(life: number): number {
  return life / 1000;
}
