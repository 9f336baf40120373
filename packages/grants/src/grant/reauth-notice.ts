import type { Provider } from "@pixy/core";
import { defaultTiming } from "../refresh/refresh-world.ts";
import { reauthDueAt, reauthNotice } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { nameOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";

/**
 * Raises `reauth.due` where the end of the authorization is near, once over all workers: under the lease, and noted in
 * the grant after the listener has taken it, so that a worker that stops in between leaves it to the next one.
 *
 * @param ahead milliseconds before the notice at which it may be raised already
 */
export async function warnOfReauth(
  settings: GrantSettings,
  ledger: GrantLedger,
  grant: OpenGrant,
  provider: Provider,
  ahead = 0,
): Promise<boolean> {
  const { store, emit, now, idle } = settings;
  const end = reauthDueAt(grant.tokens, provider.refreshTokens);
  if (end === null || grant.warned || end - reauthNotice - ahead > now()) return false;
  try {
    const acquired = await store.acquire(grant.key, { lease: defaultTiming.lease, intent: defaultTiming.intent });
    if (acquired.state !== "acquired") return false;
    const { fence, stored } = acquired;
    // Whatever failed before is still so.
    const state = {
      ...(stored.pause > 0 ? { pause: stored.pause } : {}),
      ...(stored.note === null ? {} : { note: stored.note }),
    };
    const isSame = stored.sealed === grant.sealed && !stored.ended;
    if (!isSame || !(await emit({ type: "reauth.due", grant: nameOf(grant), dueAt: new Date(end) }))) {
      await store.release(grant.key, fence, state);
      return false;
    }
    const warned = await ledger.seal.seal({ ...grant, fence, warned: true }, grant.key);
    await ledger.note(warned);
    await store.commit(grant.key, fence, warned.sealed, idle);
    await store.release(grant.key, fence, state);
    return true;
  } catch {
    // The store is away; the notice is raised again.
    return false;
  }
}
