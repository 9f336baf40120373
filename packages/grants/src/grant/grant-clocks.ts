import { type RefreshTokenRules, refreshTokenEnds, type Tokens } from "@pixy/core";

/** Milliseconds before the end of an authorization at which `reauth.due` is raised: 15 days. */
export const reauthNotice: number = 15 * 86_400_000;

/** When the provider ends the authorization, whatever is refreshed until then; `null` where nobody knows. Milliseconds since 1970. */
export function reauthDueAt(tokens: Tokens, rules: RefreshTokenRules): number | null {
  return refreshTokenEnds(tokens, rules).absolute;
}

/** When the refresh token dies unless it is used; `null` where it does not, or where there is none. Milliseconds since 1970. */
export function idleEndsAt(tokens: Tokens, rules: RefreshTokenRules): number | null {
  return tokens.refreshToken === null ? null : refreshTokenEnds(tokens, rules).idle;
}

/** What decides when a grant needs attention. */
export interface Attention {
  readonly tokens: Tokens;
  /** Whether `reauth.due` was raised. */
  readonly warned: boolean;
}

/**
 * Milliseconds until a grant needs attention: a refresh before it is idle for too long, a word to its person, or a sign
 * that it is still wanted before the store drops it after `keep` milliseconds.
 */
export function attentionIn(
  { tokens, warned }: Attention,
  rules: RefreshTokenRules,
  keep: number,
  now: number,
): number {
  const end = reauthDueAt(tokens, rules);
  const notice = end === null || warned ? Number.POSITIVE_INFINITY : end - reauthNotice;
  return Math.min(now + keep, notice, idleEndsAt(tokens, rules) ?? Number.POSITIVE_INFINITY) - now;
}
