import type { OpenGrant } from "./grant-content.ts";
import type { FoundGrant, GrantLedger } from "./grant-ledger.ts";
import { nameOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { revoke } from "./grant-refresh.ts";

/**
 * Deletes what stands under a key and revokes it at the provider; nothing in flight brings it back. `who` names it in words.
 *
 * @param isMeant tells a grant that is to be ended from one that came to its key meanwhile; without it all that stands there is
 * @throws GrantError `unknown_secret` without `isMeant`; `store_unavailable`
 */
export type EndGrant = (key: string, who: string, isMeant?: (grant: OpenGrant) => boolean) => Promise<void>;

export function createEndGrant(settings: GrantSettings, ledger: GrantLedger): EndGrant {
  return async (key, who, isMeant) => {
    const isOther = (found: FoundGrant) =>
      isMeant !== undefined && (found.state === "there" ? !isMeant(found.grant) : found.state === "unreadable");
    const seen = await ledger.open(key, who);
    if (isOther(seen)) return;
    if (seen.state === "unreadable" && seen.error.code === "unknown_secret") throw seen.error;
    // Whoever refreshes it at this moment is let finish, so that the newest token is what is revoked.
    const fence = seen.state === "there" ? await ledger.lock(key) : null;
    try {
      const last = await ledger.open(key, who);
      if (isOther(last)) return;
      await ledger.remove(key);
      if (last.state !== "there") return;
      await ledger.claims.free(last.grant);
      settings.emit({ type: "grant.ended", grant: nameOf(last.grant), reason: "app" });
      await revoke(settings, last.grant);
    } finally {
      // Of use where it still stands.
      if (fence !== null) await ledger.unlock(key, fence);
    }
  };
}
