import { createTokens, type Provider, type Tokens } from "@pixy/core";
import type { CarriedSession } from "./session-store.ts";

/** A login that lasts, as pages and handlers see it: plain data, no token in it. */
export interface Session<Data> {
  /** Identifies the session in logs; nobody gets in with it. */
  readonly id: string;
  /** What `onLogin` returned. */
  readonly data: Data;
  /** What the provider granted. */
  readonly scope: readonly string[];
  readonly clientId: string;
  /** When the access token expires; `null` when the provider did not say. A refresh moves it. */
  readonly expiresAt: Date | null;
  /** When the person gave consent. A refresh does not move it. */
  readonly authorizedAt: Date;
  /** When the provider will want a new login; `null` when it names no end. */
  readonly reauthDueAt: Date | null;
  readonly createdAt: Date;
}

/** What is sealed. */
export interface SessionContent<Data> {
  /** 256 bits, base64url. Whoever knows it is the browser it was given to. */
  readonly id: string;
  readonly clientId: string;
  readonly tokens: Tokens;
  readonly data: Data;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly fence: number;
  /** The scope that the login asked for, which need not be what was granted. */
  readonly asked: readonly string[];
  /** Whether `reauth.due` was raised. */
  readonly warned: boolean;
}

/** An opened session on its way through a request. Never changed: a refresh makes a new one. */
export interface OpenSession<Data> extends SessionContent<Data> {
  /** The key in the store: a hash of the id, so that a look into the store lets nobody in. */
  readonly key: string;
  readonly sealed: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Milliseconds since 1970; infinite when the provider did not say. */
  readonly tokenExpiresAt: number;
  /** From then on the token is refreshed when it is asked for. */
  readonly refreshDueAt: number;
  /** Sealed with a previous secret. */
  readonly stale: boolean;
  /** Set where the session lives in the cookie. */
  readonly carried: CarriedSession | null;
  readonly view: Session<Data>;
}

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
  readonly u: number;
  readonly d?: unknown;
  readonly b: number;
  readonly f: number;
  readonly q?: readonly string[];
  readonly w?: 1;
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
    ...(content.data === undefined ? {} : { d: content.data }),
    b: content.createdAt,
    f: content.fence,
    ...(sameScope ? {} : { q: content.asked }),
    ...(content.warned ? { w: 1 as const } : {}),
  };
}

/** Reads the sealed form; `null` for anything that `packSession` of this version does not write. */
export function unpackSession<Data>(packed: PackedSession): SessionContent<Data> | null {
  if (packed.v !== 1 || !isId(packed.i) || typeof packed.c !== "string") return null;
  if (!Number.isSafeInteger(packed.f) || packed.f < 0 || !Number.isSafeInteger(packed.b)) return null;
  if (!isTextList(packed.s) || (packed.q !== undefined && !isTextList(packed.q))) return null;
  try {
    const tokens = createTokens({
      accessToken: packed.a,
      tokenType: "Bearer",
      expiresIn: packed.e,
      scope: packed.s,
      refreshToken: packed.r,
      createdAt: packed.t,
      authorizedAt: packed.u,
    });
    return {
      id: packed.i,
      clientId: packed.c,
      tokens,
      data: packed.d as Data,
      createdAt: packed.b,
      fence: packed.f,
      asked: packed.q ?? packed.s,
      warned: packed.w === 1,
    };
  } catch {
    return null;
  }
}

/** Whether this can be an id of ours: cookies that cannot are never looked up. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}

/** What a page may know. */
export function viewOf<Data>(content: SessionContent<Data>, key: string, provider: Provider): Session<Data> {
  const { tokens } = content;
  return Object.freeze({
    id: key.slice(0, 8),
    data: content.data,
    scope: tokens.scope,
    clientId: content.clientId,
    expiresAt: tokens.expiresIn === null ? null : new Date(tokens.createdAt + tokens.expiresIn * 1000),
    authorizedAt: new Date(tokens.authorizedAt),
    reauthDueAt: reauthDueAt(tokens, provider),
    createdAt: new Date(content.createdAt),
  });
}

/** When the provider ends the authorization itself, whatever is refreshed until then. */
export function reauthDueAt(tokens: Tokens, provider: Provider): Date | null {
  const { lifetime } = provider.refreshTokens;
  return lifetime === undefined ? null : new Date(tokens.authorizedAt + lifetime * 1000);
}

/** Days before the end at which `reauth.due` is raised. */
export const reauthNotice: number = 15 * 86_400_000;

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
