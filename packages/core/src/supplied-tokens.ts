import type { Authenticator } from "./authenticator.ts";
import type { AuthenticatorOptions } from "./renewal.ts";
import type { Tokens } from "./tokens.ts";

// The last few: a request under way may carry the one before.
const supplied: WeakMap<Authenticator, readonly string[]> = /* @__PURE__ */ new WeakMap();

/** Asks an authenticator and remembers what it supplied. */
export async function supply(authenticator: Authenticator, options?: AuthenticatorOptions): Promise<Tokens> {
  const tokens = await authenticator.tokens(options);
  const known = supplied.get(authenticator) ?? [];
  if (!known.includes(tokens.accessToken)) supplied.set(authenticator, [...known.slice(-3), tokens.accessToken]);
  return tokens;
}

/** Tells whether an `Authorization` header carries a token that this authenticator supplied. */
export function isSupplied(authenticator: Authenticator, header: string | null): boolean {
  return supplied.get(authenticator)?.some((token) => header === `Bearer ${token}`) ?? false;
}
