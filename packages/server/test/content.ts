import { createTokens, type Tokens } from "@pixy/core";
import type { SessionContent } from "../src/session/session.ts";

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

/** A session of somebody who has just logged in. */
export function contentWith<Data = undefined>(change: Partial<SessionContent<Data>> = {}): SessionContent<Data> {
  return {
    id: "A".repeat(43),
    clientId: "client-of-the-app",
    tokens: tokensWith(),
    data: undefined as Data,
    createdAt: moment,
    fence: 0,
    asked: ["user-read-private"],
    warned: false,
    ...change,
  };
}
