import { createTokens, isKept, type KeptMembers, type Tokens } from "@pixy/core";
import type { RememberedProvider } from "../settings/remembered-provider.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { isId, type SessionContent } from "./session.ts";

/** The sealed form: short names, because it travels in a cookie. */
export interface PackedSession {
  readonly v: 1;
  readonly i: string;
  readonly c: string;
  readonly a: string;
  readonly e: number | null;
  readonly s: readonly string[];
  readonly r: string | null;
  readonly t: number;
  readonly u: number | null;
  readonly x?: number | null;
  readonly d?: unknown;
  readonly b: number;
  readonly f: number;
  readonly q?: readonly string[];
  readonly w?: 1;
  /** The token endpoint, where the provider was found at first use. */
  readonly k?: string;
  /** What the provider keeps with the tokens. */
  readonly z?: NonNullable<Tokens["extra"]>;
  /** Members of the token answer, by name. */
  readonly n?: KeptMembers;
}

export function packSession<Data>(content: SessionContent<Data>): PackedSession {
  const { tokens } = content;
  const sameScope = content.asked.join(" ") === tokens.scope.join(" ");
  return {
    v: 1,
    i: content.id,
    c: content.clientId,
    a: tokens.accessToken,
    e: tokens.expiresIn,
    s: tokens.scope,
    r: tokens.refreshToken,
    t: tokens.createdAt,
    u: tokens.authorizedAt,
    ...(tokens.refreshTokenExpiresAt === undefined ? {} : { x: tokens.refreshTokenExpiresAt }),
    ...(content.data === undefined ? {} : { d: content.data }),
    b: content.createdAt,
    f: content.fence,
    ...(sameScope ? {} : { q: content.asked }),
    ...(content.warned ? { w: 1 as const } : {}),
    ...(content.tokenEndpoint === null ? {} : { k: content.tokenEndpoint }),
    ...(tokens.extra === undefined ? {} : { z: tokens.extra }),
    ...(Object.keys(content.kept).length > 0 ? { n: content.kept } : {}),
  };
}

/** Reads the sealed form, and freezes it; `null` for anything that `packSession` of this version does not write. */
export function unpackSession<Data>(
  packed: PackedSession,
  { provider, issuer }: Pick<RememberedProvider, "provider" | "issuer">,
): SessionContent<Data> | null {
  if (packed.v !== 1 || !isId(packed.i) || typeof packed.c !== "string") return null;
  if (!Number.isSafeInteger(packed.f) || packed.f < 0 || !Number.isSafeInteger(packed.b)) return null;
  deepFreeze(packed);
  if (!isTextList(packed.s) || (packed.q !== undefined && !isTextList(packed.q))) return null;
  if (packed.n !== undefined && !isKept(packed.n)) return null;
  try {
    const tokens = createTokens({
      accessToken: packed.a,
      tokenType: "Bearer",
      expiresIn: packed.e,
      scope: packed.s,
      refreshToken: packed.r,
      createdAt: packed.t,
      authorizedAt: packed.u,
      refreshTokenExpiresAt: packed.x,
      extra: packed.z,
    });
    return {
      id: packed.i,
      owner: null,
      clientId: packed.c,
      tokens,
      data: packed.d as Data,
      kept: packed.n ?? {},
      createdAt: packed.b,
      fence: packed.f,
      asked: packed.q ?? packed.s,
      warned: packed.w === 1,
      ...{ provider, issuer, tokenEndpoint: packed.k ?? null },
    };
  } catch {
    return null;
  }
}

/** The content as any process will open it: no longer the app's own objects, which others may change. */
export function asOpened<Data>(
  packed: PackedSession,
  where: Pick<RememberedProvider, "provider" | "issuer">,
): SessionContent<Data> {
  const content = unpackSession<Data>(JSON.parse(JSON.stringify(packed)), where);
  if (content === null) throw new TypeError("This session could not be opened again.");
  return content;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
