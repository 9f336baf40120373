import { createSealer, Memo, type Sealer } from "@pixy/grants";
import { absoluteEnd } from "../settings/lifetimes.ts";
import { contextOf, readContext } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { type PackedReference, packReference, type Reference, unpackReference } from "./reference.ts";

/** An opened reference. Never changed: new data makes a new one. */
export interface OpenReference<Data> extends Reference<Data> {
  readonly key: string;
  readonly sealed: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Sealed with a previous secret. */
  readonly stale: boolean;
}

/** Seals references and opens them, each once: what was opened is remembered by its exact sealed string. */
export interface ReferenceSeal<Data> {
  /** @throws SessionTooLargeError */
  seal(reference: Reference<Data>, key: string): Promise<OpenReference<Data>>;
  /** Opens what the store holds under `key`; `null` when it cannot be read. */
  open(key: string, sealed: string): Promise<OpenReference<Data> | null>;
  forget(sealed: string): void;
}

/** Sets these apart from sessions that hold their tokens, under the same keys. */
const kind = "reference";

export function createReferenceSeal<Data>(settings: Settings<Data>): ReferenceSeal<Data> {
  const { now, cookies, emit } = settings;
  const sealer: Sealer<PackedReference> = createSealer({ secrets: settings.secrets, purpose: "record", now });
  const opened = new Memo<OpenReference<Data>>();
  const read = ([first, ...context]: readonly string[]) =>
    first === kind ? readContext(settings, context, cookies.session) : null;

  function keep(reference: Reference<Data>, seal: Omit<OpenReference<Data>, keyof Reference<Data>>) {
    const open: OpenReference<Data> = Object.freeze({ ...reference, ...seal });
    opened.set(seal.sealed, open, seal.sealed.length * 2 + 1200);
    return open;
  }

  return {
    async seal(reference, key) {
      const packed = packReference(reference);
      const expiresAt = absoluteEnd(settings, reference.createdAt);
      const context = [kind, ...contextOf(settings, reference, cookies.session)];
      const sealed = await sealer.seal(packed, { expiresAt, context, subject: key });
      // As any process will open it: no longer the app's own objects, which others may change.
      const same = unpackReference<Data>(JSON.parse(JSON.stringify(packed)), reference);
      if (same === null) throw new TypeError("This session could not be opened again.");
      return keep(same, { key, sealed, expiresAt, stale: false });
    },
    async open(key, sealed) {
      const hit = opened.get(sealed);
      if (hit?.key === key && hit.expiresAt > now()) return hit;
      const result = await sealer.open(sealed, { subject: key, accepts: (context) => read(context) !== null });
      const where = result.ok ? read(result.context) : null;
      const reference = result.ok && where ? unpackReference<Data>(result.payload, where) : null;
      if (!result.ok || reference === null) {
        emit({ type: "cookie.rejected", reason: result.ok ? "malformed" : result.reason });
        return null;
      }
      return keep(reference, { key, sealed, expiresAt: result.expiresAt, stale: result.stale });
    },
    forget: (sealed) => opened.delete(sealed),
  };
}
