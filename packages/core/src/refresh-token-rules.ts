import { readSeconds } from "./seconds.ts";
import type { Tokens } from "./tokens.ts";

/** How a provider treats refresh tokens. */
export interface RefreshTokenRules {
  /** `rotating`: each refresh replaces the token. `reusable`: it stays. `either`: the answer decides. */
  readonly rotation: "rotating" | "reusable" | "either";
  /** The absolute clock: seconds from the authorization, not extended by a refresh; absent when the provider names none. */
  readonly lifetime?: number;
  /** The idle clock: seconds that each refresh starts anew; absent when the provider names none. */
  readonly idleLifetime?: number;
  /** The member of the answer that states the seconds left; it beats the number here for that clock, and 0 says that there is none. */
  readonly stated?: { readonly field: string; readonly clock: "idle" | "absolute" };
  /**
   * Seconds for which a replaced refresh token is still answered, counted from the first request that carried it; absent
   * or 0 for none. Only what the provider documents for all its clients: an administrator's setting counts as none.
   */
  readonly grace?: number | "unlimited";
  /**
   * Whether showing a used-up refresh token costs nothing: it is refused, and the login lives on. After a lost answer
   * `true` sends the token again at once, and then after each pause. `false`, where reuse revokes the login, sends it again
   * within `grace` only, and else when the access token no longer works, since then nothing is left to lose.
   */
  readonly retryUnknown: boolean;
}

/** When the provider ends a refresh token, in milliseconds since 1970; `null` where that clock does not run. */
export interface RefreshTokenEnds {
  /** If no refresh comes before. */
  readonly idle: number | null;
  /** Whatever is refreshed until then. */
  readonly absolute: number | null;
}

/** Returns the ends of both clocks. What an answer stated beats the provider's documented number for that clock. */
export function refreshTokenEnds(tokens: Tokens, rules: RefreshTokenRules): RefreshTokenEnds {
  const { createdAt, authorizedAt, refreshTokenExpiresAt: stated } = tokens;
  const { lifetime, idleLifetime, stated: rule } = rules;
  const end = (clock: "idle" | "absolute", start: number | null, seconds: number | undefined): number | null => {
    if (rule?.clock === clock && stated !== undefined) return stated;
    return seconds === undefined || start === null ? null : start + seconds * 1000;
  };
  return { idle: end("idle", createdAt, idleLifetime), absolute: end("absolute", authorizedAt, lifetime) };
}

/** Returns when only a new login helps, in milliseconds since 1970, as far as is known now; `null` where no clock runs. */
export function reauthDueAt(tokens: Tokens, rules: RefreshTokenRules): number | null {
  const { idle, absolute } = refreshTokenEnds(tokens, rules);
  return idle === null || absolute === null ? (idle ?? absolute) : Math.min(idle, absolute);
}

/** Reads the end that an answer states; `null` for a clock that it says does not run, `undefined` where it says nothing usable. */
export function readStatedEnd(
  members: Readonly<Record<string, unknown>>,
  { stated }: RefreshTokenRules,
  createdAt: number,
): number | null | undefined {
  const value = stated && members[stated.field];
  if (value === 0 || value === "0") return null;
  const seconds = readSeconds(value);
  return seconds === null ? undefined : createdAt + seconds * 1000;
}
