import type { RememberedProvider } from "../settings/remembered-provider.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { isId } from "./session.ts";

/** What is sealed of a session that shares its owner's grant: which one that is, and no token. */
export interface Reference<Data> extends RememberedProvider {
  /** 256 bits, base64url. Whoever knows it is the browser it was given to. */
  readonly id: string;
  readonly clientId: string;
  readonly owner: string;
  /** Tells the owner's accounts at one provider apart; `null` where there is only one. */
  readonly account: string | null;
  /** The line of the grant at the login: a grant of another one is none of this session's. */
  readonly line: string;
  readonly data: Data;
  /** The scope that the login asked for. */
  readonly asked: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The sealed form. */
export interface PackedReference {
  readonly v: 1;
  readonly i: string;
  readonly c: string;
  /** Owner, account, line. */
  readonly o: readonly [string, string | null, string];
  readonly d?: unknown;
  readonly q: readonly string[];
  readonly b: number;
  /** The token endpoint, where the provider was found at first use. */
  readonly k?: string;
}

export function packReference<Data>(reference: Reference<Data>): PackedReference {
  const { id, clientId, owner, account, line, data, asked, createdAt, tokenEndpoint } = reference;
  return {
    ...{ v: 1, i: id, c: clientId, o: [owner, account, line], q: asked, b: createdAt },
    ...(data === undefined ? {} : { d: data }),
    ...(tokenEndpoint === null ? {} : { k: tokenEndpoint }),
  };
}

/** Reads the sealed form, and freezes it; `null` for anything that `packReference` of this version does not write. */
export function unpackReference<Data>(
  packed: PackedReference,
  { provider, issuer }: Pick<RememberedProvider, "provider" | "issuer">,
): Reference<Data> | null {
  const { v, i: id, c: clientId, o, d, q: asked, b: createdAt, k: tokenEndpoint = null } = packed;
  if (v !== 1 || !isId(id) || typeof clientId !== "string" || !Number.isSafeInteger(createdAt)) return null;
  if (!Array.isArray(o) || !Array.isArray(asked)) return null;
  const [owner, account, line] = o;
  if (typeof owner !== "string" || typeof line !== "string") return null;
  const where = { provider, issuer, tokenEndpoint };
  return deepFreeze({ id, clientId, owner, account, line, data: d as Data, asked, createdAt, ...where });
}
