import type { OpenGrant } from "./grant-content.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { nameOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { revoke } from "./grant-refresh.ts";

/**
 * Deletes what stands under a key and revokes it at the provider; nothing in flight brings it back. `who` names it in words.
 *
 * @param isMeant tells a grant that is to be ended from one that came to its key meanwhile, which stays or is put back; without
 *   it all that stands there is to be ended
 * @throws GrantError `unknown_secret` where it stood there at the first look, without `isMeant`; `store_unavailable`
 */
export type EndGrant = (key: string, who: string, isMeant?: (grant: OpenGrant) => boolean) => Promise<void>;

export function createEndGrant(settings: GrantSettings, ledger: GrantLedger): EndGrant {
  return async (key, who, isMeant) => {
    const seen = await ledger.open(key, who);
    const isOther = seen.state === "there" ? isMeant?.(seen.grant) === false : isMeant && seen.state === "unreadable";
    if (isOther) return;
    if (seen.state === "unreadable" && seen.error.code === "unknown_secret") throw seen.error;
    const deleted = await ledger.remove(key, who);
    // A refresh, a login or another end may have come meanwhile: what was deleted is the newest, where the store says it.
    const last = deleted ?? seen;
    if (last.state !== "there") return;
    if (isMeant?.(last.grant) === false) {
      // Where a still newer one stands by then, that one stays.
      await ledger.add(last.grant);
      return;
    }
    await ledger.claims.free(last.grant);
    settings.emit({ type: "grant.ended", grant: nameOf(last.grant), reason: "app" });
    await revoke(settings, last.grant);
  };
}
