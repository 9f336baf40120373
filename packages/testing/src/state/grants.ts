import type { Clock } from "./clock.ts";
import { setLatest } from "./latest.ts";
import type { Person } from "./people.ts";
import { randomToken } from "./random.ts";
import type { Settings } from "./settings.ts";

/** What one login allowed a client to do; every token of it hangs on it. */
export interface Grant {
  readonly clientId: string;
  /** Null when the client acts for itself. */
  readonly person: Person | null;
  readonly scope: readonly string[];
  /** Where the login ended; null where there was none. */
  readonly redirectUri: string | null;
  readonly authorizedAt: number;
  revoked: boolean;
  refreshToken: string | null;
  previousRefreshToken: string | null;
  /** When the newest refresh token was used or issued last: the idle clock begins there. */
  refreshedAt: number;
  refreshes: number;
}

export interface Code {
  readonly value: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly person: Person;
  readonly scope: readonly string[];
  readonly issuedAt: number;
  used: boolean;
  grant: Grant | null;
}

export interface AccessToken {
  readonly grant: Grant;
  readonly scope: readonly string[];
  readonly expiresAt: number;
  revoked: boolean;
}

interface RefreshToken {
  readonly grant: Grant;
  replacedAt: number | null;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly scope: readonly string[];
  readonly refreshToken: string | null;
}

export type RefreshProblem = "Invalid refresh token" | "Refresh token revoked" | "Refresh token expired";

export interface Grants {
  issueCode(code: Omit<Code, "value" | "issuedAt" | "used" | "grant">): Code;
  findCode(value: string): Code | undefined;
  /** Issues an access token for a new grant, with a refresh token where a person stands behind it. */
  open(grant: Pick<Grant, "clientId" | "person" | "scope"> & Partial<Pick<Grant, "redirectUri">>): {
    grant: Grant;
    tokens: IssuedTokens;
  };
  findByRefreshToken(refreshToken: string): Grant | undefined;
  refresh(grant: Grant, refreshToken: string, scope: readonly string[]): IssuedTokens | RefreshProblem;
  findAccessToken(value: string): AccessToken | undefined;
  revokeAccessToken(value: string): void;
  /** Ends the grants of a person, or all: what happens when somebody removes the app from their account. */
  revokeGrants(person?: Person): void;
  /** Makes every access token unusable; refresh tokens stay. */
  revokeAccessTokens(): void;
}

/** A server that runs for weeks forgets the oldest. */
const mostCodes = 10_000;
const mostTokens = 100_000;

export function createGrants(settings: Settings, clock: Clock): Grants {
  const codes = new Map<string, Code>();
  const refreshTokens = new Map<string, RefreshToken>();
  const accessTokens = new Map<string, AccessToken>();

  function issue(grant: Grant, scope: readonly string[], refreshToken: string | null): IssuedTokens {
    const accessToken = randomToken("access-");
    const { expiresIn } = settings;
    const token = { grant, scope, expiresAt: clock.now() + expiresIn * 1000, revoked: false };
    setLatest(accessTokens, accessToken, token, mostTokens);
    return { accessToken, expiresIn, scope, refreshToken };
  }

  function replaceRefreshToken(grant: Grant, used: string): string {
    const refreshToken = randomToken("refresh-");
    setLatest(refreshTokens, refreshToken, { grant, replacedAt: null }, mostTokens);
    // With "grace" only the newest pair is valid, so that a pair whose answer was lost dies with the next.
    for (const replaced of settings.rotation === "grace" ? [used, grant.refreshToken] : [used]) {
      const token = refreshTokens.get(replaced ?? "");
      if (token !== undefined) token.replacedAt ??= clock.now();
    }
    grant.previousRefreshToken = used;
    grant.refreshToken = refreshToken;
    return refreshToken;
  }

  function isCurrent(grant: Grant, refreshToken: string): boolean {
    const replacedAt = refreshTokens.get(refreshToken)?.replacedAt ?? null;
    if (replacedAt === null) return true;
    if (settings.rotation === "grace") return refreshToken === grant.previousRefreshToken;
    return clock.now() < replacedAt + settings.refreshTokenGrace * 1000;
  }

  function revokeAccessTokensOf(grant: Grant): void {
    for (const token of accessTokens.values()) if (token.grant === grant) token.revoked = true;
  }

  return {
    issueCode(request) {
      const code: Code = { ...request, value: randomToken("code-"), issuedAt: clock.now(), used: false, grant: null };
      setLatest(codes, code.value, code, mostCodes);
      return code;
    },
    findCode: (value) => codes.get(value),
    open({ clientId, person, scope, redirectUri = null }) {
      const refreshToken = person === null ? null : randomToken("refresh-");
      const now = clock.now();
      const grant: Grant = {
        ...{ clientId, person, scope, redirectUri, refreshToken, authorizedAt: now, refreshedAt: now },
        ...{ revoked: false, previousRefreshToken: null, refreshes: 0 },
      };
      if (refreshToken !== null) setLatest(refreshTokens, refreshToken, { grant, replacedAt: null }, mostTokens);
      return { grant, tokens: issue(grant, scope, refreshToken) };
    },
    findByRefreshToken: (refreshToken) => refreshTokens.get(refreshToken)?.grant,
    refresh(grant, refreshToken, scope) {
      if (grant.revoked) return "Refresh token revoked";
      if (clock.now() >= grant.authorizedAt + settings.refreshTokenLifetime * 1000) return "Refresh token expired";
      const idle = settings.refreshTokenIdleLifetime;
      if (idle !== null && clock.now() >= grant.refreshedAt + idle * 1000) return "Refresh token expired";
      const { rotation } = settings;
      if (!isCurrent(grant, refreshToken)) {
        if (rotation === "strict") grant.revoked = true;
        return "Refresh token revoked";
      }
      if (rotation === "grace") revokeAccessTokensOf(grant);
      grant.refreshes += 1;
      grant.refreshedAt = clock.now();
      const keeps = rotation === "omit" || (rotation === "sometimes" && grant.refreshes % 2 === 1);
      return issue(grant, scope, keeps ? null : replaceRefreshToken(grant, refreshToken));
    },
    findAccessToken: (value) => accessTokens.get(value),
    revokeAccessToken(value) {
      const token = accessTokens.get(value);
      if (token !== undefined) token.revoked = true;
    },
    revokeGrants(person) {
      for (const grant of [...refreshTokens.values(), ...accessTokens.values()].map((token) => token.grant)) {
        if (person === undefined || grant.person?.name === person.name) grant.revoked = true;
      }
    },
    revokeAccessTokens() {
      for (const token of accessTokens.values()) token.revoked = true;
    },
  };
}
