import { expiresAt, type KeptMembers, reauthDueAt, type Tokens } from "@pixy/core";
import type { ProviderSource } from "../settings/provider-source.ts";
import type { RememberedProvider } from "../settings/remembered-provider.ts";

/** A login that lasts, as pages and handlers see it: plain data that nobody can change, no token in it. */
export interface Session<Data = unknown, Key extends string | null = string | null> {
  /** Identifies the session in logs; nobody gets in with it. */
  readonly id: string;
  /** What `onLogin` returned, as JSON keeps it, frozen. */
  readonly data: Data;
  /** Your own id of the person, under which the grant is kept; `null` where a session has a grant of its own. */
  readonly owner: string | null;
  /** What the provider granted. */
  readonly scope: readonly string[];
  /** The key of the provider that the person logged in at; `null` for the app's only one. */
  readonly provider: Key;
  readonly clientId: string;
  /** When the access token expires; `null` when the provider did not say. A refresh moves it. */
  readonly expiresAt: Date | null;
  /** When the person gave consent, or when the session began where that is not known. A refresh does not move it. */
  readonly authorizedAt: Date;
  /** When the provider will want a new login; `null` when it names no end, or is not found yet. */
  readonly reauthDueAt: Date | null;
  readonly createdAt: Date;
}

/** What is sealed. */
export interface SessionContent<Data> extends RememberedProvider {
  /** 256 bits, base64url. Whoever knows it is the browser it was given to. */
  readonly id: string;
  /** Whose grant it shares; `null` where it has one of its own. */
  readonly owner: string | null;
  readonly clientId: string;
  readonly tokens: Tokens;
  readonly data: Data;
  /** What names the API of this login; nothing where the provider has one for all. */
  readonly kept: KeptMembers;
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
  readonly view: Session<Data>;
}

/** What a browser is given for its session, and nothing else of it: small enough to be remembered for a while. */
export interface IssuedSession {
  readonly key: string;
  /** What its cookie holds. */
  readonly value: string;
  /** Milliseconds since 1970 at which its cookie ends. */
  readonly endsAt: number;
}

/** Whether this can be an id of ours: cookies that cannot are never looked up. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{43}$/.test(value);
}

/** What logs call the session under a key; nobody gets in with it. */
export function fingerprintOf(key: string): string {
  return key.slice(0, 8);
}

/** What a page may know. */
export function viewOf<Data>(content: SessionContent<Data>, key: string, source: ProviderSource): Session<Data> {
  const { tokens, data, owner, provider, clientId, createdAt } = content;
  const end = expiresAt(tokens);
  return Object.freeze({
    id: fingerprintOf(key),
    data,
    owner,
    scope: tokens.scope,
    provider,
    clientId,
    // No freezing keeps a Date from being set to another time: whoever asks gets one of their own.
    get expiresAt() {
      return end === null ? null : new Date(end);
    },
    get authorizedAt() {
      return new Date(tokens.authorizedAt ?? createdAt);
    },
    get reauthDueAt() {
      const due = source.known && reauthDueAt(tokens, source.known.refreshTokens);
      return due === null ? null : new Date(due);
    },
    get createdAt() {
      return new Date(createdAt);
    },
  });
}

/** Days before the end at which `reauth.due` is raised. */
export const reauthNotice: number = 15 * 86_400_000;
