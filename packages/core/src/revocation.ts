import type { Tokens } from "./tokens.ts";

/** How a revocation differs from RFC 7009, which posts a form with `token`. */
export type RevocationShape = {
  /** Default: whatever is left, the refresh token first. */
  readonly token?: "access_token" | undefined;
  /** Default POST. */
  readonly method?: "DELETE" | undefined;
} & (
  | { /** The token authenticates the request, which has no body. */ readonly by: "bearer" }
  | { readonly by: "form" | "json"; readonly field: string }
);

/** Returns the token to revoke when a login ends, and what it is; `null` where the provider has no endpoint for it. */
export function revocableToken(
  {
    revocationEndpoint,
    revocation,
  }: { readonly revocationEndpoint?: string | undefined; readonly revocation?: RevocationShape | undefined },
  { accessToken, refreshToken }: Tokens,
): { readonly token: string; readonly kind: "refresh_token" | "access_token" } | null {
  if (revocationEndpoint === undefined) return null;
  return refreshToken === null || revocation?.token
    ? { token: accessToken, kind: "access_token" }
    : { token: refreshToken, kind: "refresh_token" };
}
