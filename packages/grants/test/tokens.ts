import { createTokens, type Tokens } from "@pixy/core";

/** When everything in these tests begins: milliseconds since 1970. */
export const moment: number = Date.UTC(2026, 0, 1);

export function tokensWith(change: Partial<Tokens> = {}): Tokens {
  return createTokens({
    accessToken: "access",
    tokenType: "Bearer",
    expiresIn: 3600,
    scope: ["user-read-private"],
    refreshToken: "refresh",
    createdAt: moment,
    authorizedAt: moment,
    ...change,
  });
}
