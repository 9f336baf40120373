import type { AttemptExtra } from "@pixy/core";
import type { RememberedProvider } from "../settings/remembered-provider.ts";
import type { ReturnPath } from "../web/return-path.ts";

/** One attempt to log in, between the click and the callback. It lives in this browser, sealed, in its own cookie. */
export interface Attempt extends RememberedProvider {
  /** 256 bits, base64url. */
  readonly state: string;
  readonly verifier: string;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly returnTo: ReturnPath;
  /** What the provider's `authorizationParameters` wanted kept. */
  readonly extra: AttemptExtra;
  /** A digest of the app's user whose account is connected; `null` for a login. */
  readonly owner: string | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export interface PackedAttempt {
  readonly s: string;
  readonly v: string;
  readonly c: string;
  readonly q: readonly string[];
  readonly r: string;
  readonly t: number;
  /** The token endpoint; absent where the provider was given. */
  readonly e?: string;
  /** Absent when there is nothing in it. */
  readonly x?: AttemptExtra;
  /** Absent for a login. */
  readonly o?: string;
}

/** The sealed form: short names, because it travels in a cookie. */
export function packAttempt(attempt: Attempt): PackedAttempt {
  const { state, verifier, clientId, scope, returnTo, extra, owner, startedAt, tokenEndpoint } = attempt;
  const kept = Object.keys(extra).length > 0 ? { x: extra } : {};
  const connected = owner === null ? {} : { o: owner };
  const endpoint = tokenEndpoint === null ? {} : { e: tokenEndpoint };
  return {
    s: state,
    v: verifier,
    c: clientId,
    q: scope,
    r: returnTo,
    t: startedAt,
    ...endpoint,
    ...kept,
    ...connected,
  };
}

/** Reads the sealed form; `null` for anything that `packAttempt` does not write. */
export function unpackAttempt(
  packed: PackedAttempt,
  where: Pick<RememberedProvider, "provider" | "issuer">,
  returnPathOf: (sealed: string) => ReturnPath,
): Attempt | null {
  const { s: state, v: verifier, c: clientId, q: scope, r: path, t: startedAt, x: extra = {} } = packed;
  const { e: tokenEndpoint = null, o: owner = null } = packed;
  const texts: unknown[] = [state, verifier, clientId, path];
  if (!texts.every((text) => typeof text === "string") || !Array.isArray(scope) || !Number.isFinite(startedAt))
    return null;
  return {
    state,
    verifier,
    clientId,
    scope,
    returnTo: returnPathOf(path),
    extra,
    owner,
    startedAt,
    tokenEndpoint,
    ...where,
  };
}
