import { createTokens, type Tokens } from "@pixy/core";
import type { Refreshable } from "../refresh/refresh-world.ts";
import type { FullName } from "./grant-name.ts";

/** What is sealed. */
export interface GrantContent extends FullName {
  /** Another one for each `save`: tells a grant from the one that stood under its name before. */
  readonly id: string;
  readonly issuer: string;
  /** The client that the tokens were issued to. */
  readonly clientId: string;
  readonly tokens: Tokens;
  readonly fence: number;
  /** How often everything of its owner had been ended when it was saved. */
  readonly epoch: number;
  /** Whether `reauth.due` was raised. */
  readonly warned: boolean;
}

/** An opened grant. Never changed: a refresh makes a new one. */
export interface OpenGrant extends GrantContent, Refreshable {
  readonly fence: number;
  readonly tokens: Tokens;
  readonly sealed: string;
  /** Sealed with a previous secret. */
  readonly stale: boolean;
  /** Milliseconds since 1970; infinite when the provider did not say. */
  readonly tokenExpiresAt: number;
  /** From then on the token is refreshed when it is asked for. */
  readonly refreshDueAt: number;
}

/** The sealed form. */
export interface PackedGrant {
  readonly v: 1;
  readonly i: string;
  /** Owner, provider's key, account. */
  readonly n: readonly [string, string, string | null];
  readonly p: string;
  readonly c: string;
  readonly t: Tokens;
  readonly f: number;
  readonly e: number;
  readonly w?: 1;
}

export function packGrant(content: GrantContent): PackedGrant {
  const { id, owner, provider, account, issuer, clientId, tokens, fence, epoch, warned } = content;
  const packed = {
    v: 1,
    i: id,
    n: [owner, provider, account],
    p: issuer,
    c: clientId,
    t: tokens,
    f: fence,
    e: epoch,
  } as const;
  return warned ? { ...packed, w: 1 } : packed;
}

/** Reads the sealed form; `null` for anything that `packGrant` of this version does not write. */
export function unpackGrant({ v, i, n, p, c, t, f, e, w }: PackedGrant): GrantContent | null {
  if (v !== 1 || !Array.isArray(n) || !Number.isSafeInteger(f) || !Number.isSafeInteger(e)) return null;
  try {
    const [owner, provider, account] = n;
    const tokens = createTokens(t);
    return { id: i, owner, provider, account, issuer: p, clientId: c, tokens, fence: f, epoch: e, warned: w === 1 };
  } catch {
    return null;
  }
}
