import { defaultTiming } from "../refresh/refresh-world.ts";
import { everyDue } from "./every-due.ts";
import type { OpenGrant } from "./grant-content.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { type GrantSettings, withoutPart } from "./grant-options.ts";
import { answer } from "./store-answer.ts";

/** What a run has come to. A previous secret may be taken out of the list once `unknown`, `busy` and `resealed` are 0. */
export interface ResealResult {
  readonly looked: number;
  /** Sealed with the current secret now. */
  readonly resealed: number;
  /** Being refreshed at the moment: run again. */
  readonly busy: number;
  /** Of another app, or sealed with a secret that is not in the list; left as they are. */
  readonly unknown: number;
}

/** Seals what a previous secret has sealed with the current one. */
export async function resealAll(settings: GrantSettings, ledger: GrantLedger): Promise<ResealResult> {
  const { index } = settings.store;
  if (index === undefined) throw withoutPart(settings.store, "index");
  const result = { looked: 0, resealed: 0, busy: 0, unknown: 0 };
  for await (const key of everyDue(index, Number.MAX_SAFE_INTEGER)) {
    result.looked++;
    const found = await ledger.find(key, "grant");
    if (found.state === "unreadable") result.unknown++;
    else if (found.state === "there") {
      const { grant } = found;
      // A grant that was refreshed has the new secret, and its claim has not.
      const claim = await ledger.claims.reseal(grant);
      const isDone = !grant.stale || (await reseal(settings, ledger, grant));
      if (!isDone || claim === "busy") result.busy++;
      else if (claim === "unknown") result.unknown++;
      else if (grant.stale || claim === "resealed") result.resealed++;
    }
  }
  return result;
}

async function reseal({ store, idle }: GrantSettings, ledger: GrantLedger, grant: OpenGrant): Promise<boolean> {
  const { lease, intent } = defaultTiming;
  const acquired = await answer(() => store.acquire(grant.key, { lease, intent }));
  if (acquired.state === "gone") return true;
  if (acquired.state === "held") return false;
  const { fence, stored } = acquired;
  const isSame = stored.sealed === grant.sealed && !stored.ended;
  if (isSame) {
    const fresh = await ledger.seal.seal({ ...grant, fence }, grant.key);
    await ledger.note(fresh);
    await answer(() => store.commit(grant.key, fence, fresh.sealed, idle));
  }
  // What failed before is still so.
  const pause = stored.pause > 0 ? { pause: stored.pause } : {};
  const note = stored.note === null ? {} : { note: stored.note };
  await answer(() => store.release(grant.key, fence, { ...pause, ...note }));
  return isSame;
}
