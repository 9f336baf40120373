import type { Provider } from "@pixy/core";
import { ConfigurationError, checkMembers, type Members } from "@pixy/core";
import { monotonicMilliseconds } from "../process/monotonic-clock.ts";
import type { RecordIndex } from "../record/record-store.ts";
import { everyDue } from "./every-due.ts";
import { idleEndsAt } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { wordsOf } from "./grant-name.ts";
import { type GrantSettings, withoutPart } from "./grant-options.ts";
import { type GrantRefresh, providerOf } from "./grant-refresh.ts";
import { warnOfReauth } from "./reauth-notice.ts";
import { answer } from "./store-answer.ts";

export interface UpkeepOptions {
  /** Seconds: what needs attention within this time is looked after now. More than the time until the next run. */
  readonly within: number;
  /** The most token requests a second that this worker sends; default 5. */
  readonly perSecond?: number | undefined;
  /** Called after each grant. */
  readonly onProgress?: ((progress: UpkeepProgress) => void) | undefined;
  /** Ends the run between two grants; the next one goes on where this one stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** What a run has come to so far. */
export interface UpkeepProgress {
  /** Grants that were looked at. */
  readonly looked: number;
  /** Refreshed before they were idle for too long, by this worker or another one. */
  readonly renewed: number;
  /** `reauth.due` was raised. */
  readonly warned: number;
  /** The provider was away, refused, or the set-up is wrong: tried again by the next run. */
  readonly failed: number;
  /** Dead now, or dead when they were looked at. */
  readonly ended: number;
  /** Of another app, or sealed with a secret that is not in the list: left as they are. */
  readonly skipped: number;
}

type Result = Exclude<keyof UpkeepProgress, "looked"> | "kept";

const members = { within: 1, perSecond: 1, onProgress: 1, signal: 1 } satisfies Members<keyof UpkeepOptions>;

/** Looks after what needs attention soon; each grant once over all workers, in no order, and slowly. */
export async function keepUp(
  settings: GrantSettings,
  ledger: GrantLedger,
  refresh: GrantRefresh,
  options: UpkeepOptions,
): Promise<UpkeepProgress> {
  checkMembers("", options, members);
  const { within, perSecond = 5, onProgress, signal } = options;
  if (!(within > 0)) throw refuse("within", "Give seconds: more than the time until the next run, such as 3 * 86_400.");
  if (!(perSecond > 0)) throw refuse("perSecond", "Give a number of token requests, above 0.");
  const { index } = settings.store;
  if (index === undefined) throw withoutPart(settings.store, "index");
  const ahead = within * 1000;
  const progress = { looked: 0, renewed: 0, warned: 0, failed: 0, ended: 0, skipped: 0 };
  for await (const key of everyDue(index, ahead, signal)) {
    const asked = monotonicMilliseconds();
    const result = await lookAfter(settings, ledger, refresh, index, key, ahead);
    progress.looked++;
    if (result !== "kept") progress[result]++;
    onProgress?.({ ...progress });
    // Token requests are what the provider counts; looking is for free.
    if (result === "renewed" || result === "failed")
      await pause(1000 / perSecond - (monotonicMilliseconds() - asked), signal);
  }
  return progress;
}

async function lookAfter(
  settings: GrantSettings,
  ledger: GrantLedger,
  refresh: GrantRefresh,
  index: RecordIndex,
  key: string,
  ahead: number,
): Promise<Result> {
  const found = await ledger.find(key, "grant");
  if (found.state === "unreadable") return "skipped";
  if (found.state !== "there") {
    await answer(() => index.remove(key));
    return found.state === "ended" ? "ended" : "kept";
  }
  const { grant } = found;
  const provider = await providerIn(settings, grant);
  if (provider === null) return "skipped";
  const isWarned = await warnOfReauth(settings, ledger, grant, provider, ahead);
  const idleEnd = idleEndsAt(grant.tokens, provider.refreshTokens);
  if (idleEnd !== null && idleEnd <= settings.now() + ahead) {
    // What the notice has written is what is refreshed, or it would be raised again.
    const newest = isWarned ? await ledger.find(key, wordsOf(grant)) : found;
    if (newest.state !== "there") return "kept";
    const { outcome } = await refresh(newest.grant);
    if (outcome === "refreshed") {
      await ledger.claims.prolong(newest.grant);
      return "renewed";
    }
    return outcome === "ended" ? "ended" : "failed";
  }
  if (isWarned) return "warned";
  await ledger.prolong(grant);
  return "kept";
}

async function providerIn(settings: GrantSettings, grant: OpenGrant): Promise<Provider | null> {
  if (!settings.keys.includes(grant.provider)) return null;
  const provider = await providerOf(settings, grant);
  return provider instanceof Error ? null : provider;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (milliseconds <= 0 || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
  });
}

function refuse(option: string, hint: string): ConfigurationError {
  const message = `The option ${option} cannot be used. ${hint}`;
  return new ConfigurationError(message, { code: "invalid_option", option, hint });
}
