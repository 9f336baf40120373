import { createTokens, isKept, type KeptMembers, type Tokens } from "@pixy/core";
import type { Refreshable } from "../refresh/refresh-world.ts";
import type { FullName } from "./grant-name.ts";

/** What is sealed. */
export interface GrantContent extends FullName {
  /** Another one for each `save`: tells a grant from the one that stood under its name before. */
  readonly id: string;
  /** The `id` of the first of those that took each other's place while they stood: what shares a grant knows it by this. */
  readonly line: string;
  /** The account at the provider, as the provider calls it; `null` where nobody said. */
  readonly subject: string | null;
  readonly issuer: string;
  /** The client that the tokens were issued to. */
  readonly clientId: string;
  readonly tokens: Tokens;
  /** What names the API of this grant; nothing where the provider has one for all. */
  readonly kept: KeptMembers;
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
  readonly s?: string;
  readonly w?: 1;
  readonly k?: KeptMembers;
  readonly l?: string;
}

export function packGrant(content: GrantContent): PackedGrant {
  const { id, line, owner, provider, account, subject, issuer, clientId, tokens, kept, fence, epoch, warned } = content;
  return {
    ...{ v: 1, i: id, n: [owner, provider, account], p: issuer, c: clientId, t: tokens, f: fence, e: epoch },
    ...(subject === null ? {} : { s: subject }),
    ...(warned ? { w: 1 } : {}),
    ...(Object.keys(kept).length > 0 ? { k: kept } : {}),
    ...(line === id ? {} : { l: line }),
  };
}

/** Reads the sealed form; `null` for anything that `packGrant` of this version does not write. */
export function unpackGrant(packed: PackedGrant): GrantContent | null {
  const { v, i, n, p, c, t, f, e, s: subject = null, w, k: kept = {}, l: line = i } = packed;
  if (v !== 1 || !Array.isArray(n) || !Number.isSafeInteger(f) || !Number.isSafeInteger(e) || !isKept(kept))
    return null;
  try {
    const [owner, provider, account] = n;
    const tokens = createTokens(t);
    const known = { owner, provider, account, subject, issuer: p, clientId: c };
    return { id: i, line, ...known, tokens, kept, fence: f, epoch: e, warned: w === 1 };
  } catch {
    return null;
  }
}
