import { expiresAt, refreshAhead } from "@pixy/core";
import { Memo } from "../process/memo.ts";
import { createSealer, type Sealer } from "../sealing/seal.ts";
import { type GrantContent, type OpenGrant, type PackedGrant, packGrant, unpackGrant } from "./grant-content.ts";
import type { GrantError } from "./grant-error.ts";
import { grantUnreadable, unknownSecret } from "./grant-error.ts";
import type { GrantSettings } from "./grant-options.ts";

/** The seal of a grant does not end: its record does, and the provider's clocks. */
const never = Number.MAX_SAFE_INTEGER;

/** Seals grants and opens them, each once: what was opened is remembered by its exact sealed string. */
export interface GrantSeal {
  seal(content: GrantContent, key: string): Promise<OpenGrant>;
  /** Opens what the store holds under `key`, or says why it cannot; `who` names the grant in words. */
  open(key: string, sealed: string, who: string): Promise<OpenGrant | GrantError>;
}

export function createGrantSeal({ secrets, name, now, store }: GrantSettings): GrantSeal {
  const sealer: Sealer<PackedGrant> = createSealer({ secrets, purpose: "grant", context: ["grant", name], now });
  const opened = new Memo<OpenGrant>();

  function remember(content: GrantContent, key: string, sealed: string, stale: boolean): OpenGrant {
    const { tokens } = content;
    const tokenExpiresAt = expiresAt(tokens) ?? Number.POSITIVE_INFINITY;
    const refreshDueAt = tokenExpiresAt - refreshAhead(tokens) * 1000;
    const grant: OpenGrant = Object.freeze({ ...content, key, sealed, stale, tokenExpiresAt, refreshDueAt });
    opened.set(sealed, grant, bytesOf(sealed));
    return grant;
  }

  return {
    async seal(content, key) {
      const sealed = await sealer.seal(packGrant(content), { expiresAt: never, subject: key });
      return remember(content, key, sealed, false);
    },
    async open(key, sealed, who) {
      const hit = opened.get(sealed);
      if (hit?.key === key) return hit;
      const result = await sealer.open(sealed, { subject: key });
      if (!result.ok) {
        return result.reason === "foreign" ? unknownSecret(who, store.name) : grantUnreadable(who, result.reason);
      }
      const content = unpackGrant(result.payload);
      return content === null ? grantUnreadable(who, "malformed") : remember(content, key, sealed, result.stale);
    },
  };
}

/** What an opened grant takes: a byte a character, as much again for what was opened, the objects. */
export function bytesOf(sealed: string): number {
  return sealed.length * 2 + 1200;
}
