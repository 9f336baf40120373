import { randomUUID } from "node:crypto";
import type {
  OAuthAuthCode,
  OAuthAuthCodeRepository,
  OAuthClient,
  OAuthToken,
  OAuthTokenRepository,
} from "@jmondi/oauth2-server";

export const never: Date = new Date(0);

export interface TokenStore extends OAuthTokenRepository {
  readonly all: readonly OAuthToken[];
  /** Milliseconds that a refresh token lives. */
  refreshTokenLifetime: number;
  find(predicate: (token: OAuthToken) => boolean): OAuthToken;
}

/** The tables that the library's documentation asks of its host, in memory. A revoked token is one that has expired. */
export function tokenStore(client: OAuthClient): TokenStore {
  const all: OAuthToken[] = [];
  const find = (predicate: (token: OAuthToken) => boolean): OAuthToken => {
    const found = all.find(predicate);
    if (found === undefined) throw new Error("There is no such token.");
    return found;
  };
  return {
    all,
    refreshTokenLifetime: 86_400_000,
    find,
    issueToken: async (_client, scopes, user) => {
      return { accessToken: randomUUID(), accessTokenExpiresAt: never, client, user: user ?? null, scopes };
    },
    async issueRefreshToken(token) {
      token.refreshToken = randomUUID();
      token.refreshTokenExpiresAt = new Date(Date.now() + this.refreshTokenLifetime);
      return token;
    },
    persist: async (token) => void all.push(token),
    async revoke(token) {
      token.accessTokenExpiresAt = never;
      token.refreshTokenExpiresAt = never;
    },
    isRefreshTokenRevoked: async (token) => Date.now() > (token.refreshTokenExpiresAt?.getTime() ?? 0),
    getByRefreshToken: async (id) => find(({ refreshToken }) => refreshToken === id),
    getByAccessToken: async (id) => find(({ accessToken }) => accessToken === id),
  };
}

export function codeStore(client: OAuthClient): OAuthAuthCodeRepository {
  const codes = new Map<string, OAuthAuthCode>();
  const find = (code: string): OAuthAuthCode => {
    const found = codes.get(code);
    if (found === undefined) throw new Error("There is no such code.");
    return found;
  };
  return {
    issueAuthCode: (_client, user, scopes) => ({
      code: randomUUID(),
      expiresAt: never,
      client,
      user: user ?? null,
      scopes,
    }),
    persist: async (code) => void codes.set(code.code, code),
    getByIdentifier: async (code) => find(code),
    isRevoked: async (code) => find(code).expiresAt === never,
    async revoke(code) {
      find(code).expiresAt = never;
    },
  };
}
