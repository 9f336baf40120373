import { expiresAt, refreshAhead } from "@pixy/core";
import {
  createSealer,
  type MaybePromise,
  Memo,
  type Opened,
  processState,
  type Sealer,
  type StoredRecord,
  storeKey,
} from "@pixy/grants";
import { lifeLeft } from "../settings/lifetimes.ts";
import type { ProviderSource } from "../settings/provider-source.ts";
import { contextOf, readContext } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { type OpenSession, type SessionContent, viewOf } from "./session.ts";
import { asOpened, type PackedSession, packSession, unpackSession } from "./session-codec.ts";

/** A session as it was just sealed; `ttl` in milliseconds. */
export interface SealedSession<Data> {
  readonly session: OpenSession<Data>;
  readonly sealed: string;
  readonly ttl: number;
}

/** Seals sessions and opens them, each once: what was opened is remembered by its exact sealed string. */
export interface SessionSeal<Data> {
  /** Returns what was opened before, if it has not expired since; `"expired"` if it has. */
  recall(sealed: string): OpenSession<Data> | "expired" | undefined;
  /** Opens what a cookie carried; otherwise says why not. */
  openCarried(sealed: string): Promise<OpenSession<Data> | Exclude<Opened<never>, { ok: true }>["reason"]>;
  /** Opens what the store holds under `key`; `null` when it cannot be read. */
  openStored(key: string, sealed: string): MaybePromise<OpenSession<Data> | null>;
  /** @throws SessionTooLargeError for a session that no cookie can carry */
  seal(content: SessionContent<Data>, key: string): Promise<SealedSession<Data>>;
  forget(session: OpenSession<Data>): void;
}

/** What sets the seals of sessions in cookies and in stores apart. */
export interface SealForm<Data> {
  readonly purpose: "session" | "record";
  /** Whether a seal opens under its own key only. */
  readonly bindsKey: boolean;
  /** Milliseconds since 1970. */
  expiresAt(content: SessionContent<Data>): number;
  /** @throws SessionTooLargeError for what cannot be kept */
  check?(sealed: string): void;
}

export function createSessionSeal<Data>(settings: Settings<Data>, form: SealForm<Data>): SessionSeal<Data> {
  const { now, cookies, emit } = settings;
  const subject = (key: string) => (form.bindsKey ? { subject: key } : {});
  const read = (context: readonly string[]) => readContext(settings, context, cookies.session);
  const accepts = (context: readonly string[]) => read(context) !== null;
  const sealer: Sealer<PackedSession> = createSealer({
    secrets: settings.secrets,
    purpose: form.purpose,
    now,
  });
  const opened = new Memo<OpenSession<Data>>();
  // What was tampered with stays so: the handles of one request, or of a page and its pictures, open it once.
  const tampered = processState(`tampered ${settings.instance}`, () => new Memo<true>(256 * 1024));

  function recall(sealed: string): OpenSession<Data> | "expired" | undefined {
    const hit = opened.get(sealed);
    if (hit === undefined || hit.expiresAt > now()) return hit;
    opened.delete(sealed);
    return "expired";
  }

  function sourceOf({ provider }: SessionContent<Data>): ProviderSource {
    return (settings.way(provider) ?? settings.ways[0]).provider;
  }

  async function openCarried(slice: string): ReturnType<SessionSeal<Data>["openCarried"]> {
    // A copy: a slice that is remembered would keep the whole Cookie header in memory.
    const sealed = new TextDecoder().decode(new TextEncoder().encode(slice));
    if (tampered.get(sealed)) return "tampered";
    const result = await sealer.open(sealed, { accepts });
    if (!result.ok) {
      if (result.reason === "tampered") tampered.set(sealed, true, sealed.length + 256);
      return result.reason;
    }
    const content = unpacked(result);
    if (content === null) return "malformed";
    return keep(content, await storeKey(content.id), sealed, result.expiresAt, result.stale);
  }

  function openStored(key: string, sealed: string): MaybePromise<OpenSession<Data> | null> {
    const hit = opened.get(sealed);
    if (hit?.key !== key) return unseal(key, sealed);
    return hit.expiresAt > now() ? hit : null;
  }

  async function unseal(key: string, sealed: string): Promise<OpenSession<Data> | null> {
    const result = await sealer.open(sealed, { accepts, ...subject(key) });
    const content = result.ok ? unpacked(result) : null;
    if (!result.ok || content === null) {
      emit({ type: "cookie.rejected", reason: result.ok ? "malformed" : result.reason });
      return null;
    }
    return keep(content, key, sealed, result.expiresAt, result.stale);
  }

  function unpacked({ payload, context }: Opened<PackedSession> & { ok: true }): SessionContent<Data> | null {
    const where = read(context);
    return where && unpackSession<Data>(payload, where);
  }

  function keep(
    content: SessionContent<Data>,
    key: string,
    sealed: string,
    expires: number,
    stale: boolean,
  ): OpenSession<Data> {
    const { tokens } = content;
    const tokenExpiresAt = expiresAt(tokens) ?? Number.POSITIVE_INFINITY;
    const session: OpenSession<Data> = Object.freeze({
      ...content,
      key,
      sealed,
      expiresAt: expires,
      stale,
      tokenExpiresAt,
      refreshDueAt: tokenExpiresAt - refreshAhead(tokens) * 1000 * (1 + spread(key)),
      view: viewOf(content, key, sourceOf(content)),
    });
    opened.set(sealed, session, bytesOf(sealed));
    return session;
  }

  async function seal(content: SessionContent<Data>, key: string): Promise<SealedSession<Data>> {
    const expires = form.expiresAt(content);
    const packed = packSession(content);
    const sealed = await sealer.seal(packed, {
      expiresAt: expires,
      context: contextOf(settings, content, cookies.session),
      ...subject(key),
    });
    form.check?.(sealed);
    const ttl = lifeLeft(settings, content.createdAt);
    return { session: keep(asOpened(packed, content), key, sealed, expires, false), sealed, ttl };
  }

  return { recall, openCarried, openStored, seal, forget: (session) => opened.delete(session.sealed) };
}

/** A session as it was deleted, and forgotten here: another request may have renewed it since this one found it. */
export async function asDeleted<Data>(
  seal: SessionSeal<Data>,
  session: OpenSession<Data>,
  deleted: StoredRecord | null,
  held?: OpenSession<Data> | null,
): Promise<OpenSession<Data>> {
  const last = held || (deleted?.sealed && (await seal.openStored(session.key, deleted.sealed))) || session;
  seal.forget(session);
  seal.forget(last);
  return last;
}

/** What an opened session takes, as measured: a byte a character, nearly the same again for what was opened, the objects. */
export function bytesOf(sealed: string): number {
  return sealed.length * 2 + 1200;
}

/** From 0 to a half, the same for a session on every machine: sessions that began together do not refresh together. */
function spread(key: string): number {
  return ((key.charCodeAt(0) * 64 + key.charCodeAt(1)) % 512) / 1024;
}
