import { Memo } from "../process/memo.ts";
import type { StoredRecord } from "../record/record-store.ts";
import { readNote } from "../refresh/failure-note.ts";
import { createUnsaved, type Unsaved } from "../refresh/unsaved.ts";
import { type AccountClaims, createAccountClaims } from "./account-claims.ts";
import { attentionIn } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import { GrantError } from "./grant-error.ts";
import { type FullName, grantKey, ownerKey } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { createGrantSeal, type GrantSeal } from "./grant-seal.ts";
import { ownerMarks } from "./owner-mark.ts";
import { answer } from "./store-answer.ts";

/** What stands under a key. */
export type Found =
  | {
      readonly state: "there";
      readonly grant: OpenGrant /** The provider refused, and a login would help. */;
      readonly isRefused: boolean;
    }
  /** `ended`: the refresh token is dead. `absent`: never saved, ended by the app, or forgotten. */
  | { readonly state: "ended" | "absent" }
  | { readonly state: "unreadable"; readonly error: GrantError };

/** The grants of an app in its store. */
export interface GrantLedger {
  readonly seal: GrantSeal;
  readonly unsaved: Unsaved<OpenGrant>;
  readonly claims: AccountClaims;
  keyOf(name: FullName): Promise<string>;
  /**
   * `who` names the grant in words.
   *
   * @throws GrantError `store_unavailable`
   */
  find(key: string, who: string): Promise<Found>;
  /** The count that a new grant of an owner is sealed under; 0 where the store keeps none. */
  epochOf(owner: string): Promise<number>;
  /** Puts a grant in the place of whatever stood under its key. */
  put(grant: OpenGrant): Promise<void>;
  /** Notes in the index when a grant needs attention; a hint, so a store that fails here is no failure. */
  note(grant: OpenGrant): Promise<void>;
  /** Tells the store that a grant is wanted, seldom. */
  prolong(grant: OpenGrant): Promise<void>;
  remove(key: string): Promise<void>;
  /** The keys that the index has of an owner. */
  keysOf(owner: string): Promise<readonly string[]>;
}

/** A store is told that a grant is wanted after this share of its idle time, and once a day at most. */
const touchShare = 0.1;

export function createGrantLedger(settings: GrantSettings): GrantLedger {
  const { store, idle, now } = settings;
  const seal = createGrantSeal(settings);
  const unsaved = createUnsaved<OpenGrant>();
  const claims = createAccountClaims(settings);
  const touched = new Memo<number>(8 * 1024 * 1024);

  async function epochOf(owner: string): Promise<number> {
    const { epochs } = store;
    if (epochs === undefined) return 0;
    const key = await ownerKey(settings.name, owner);
    return answer(() => epochs.of(key));
  }

  async function find(key: string, who: string): Promise<Found> {
    const stored = await answer(() => store.read(key));
    if (stored === null) return { state: "absent" };
    if (stored.ended || stored.sealed === null) return { state: "ended" };
    const read = await seal.open(key, stored.sealed, who);
    if (GrantError.isInstance(read)) return { state: "unreadable", error: read as GrantError };
    const held = await unsaved.newerThan(key, stored.fence);
    // What was held belongs to its own grant, not to one that was saved in its place.
    const grant = held !== null && held.id === read.id ? held : read;
    if ((await epochOf(grant.owner)) > grant.epoch) return { state: "absent" };
    return { state: "there", grant, isRefused: isRefused(stored) };
  }

  async function note(grant: OpenGrant): Promise<void> {
    if (store.index === undefined) return;
    try {
      const [owner] = await ownerMarks(settings.secrets, settings.name, grant.owner);
      const { refreshTokens } = await settings.provider(grant.provider);
      const due = attentionIn(grant, refreshTokens, idle, now());
      await store.index.add(grant.key, { owner, due }, idle);
    } catch {
      // As it was noted before: somebody will look too early.
    }
  }

  return {
    seal,
    unsaved,
    claims,
    keyOf: (name) => grantKey(settings.name, name),
    find,
    epochOf,
    note,
    async put(grant) {
      unsaved.forget(grant.key);
      touched.set(grant.key, now(), 256);
      await note(grant);
      await answer(() => store.replace(grant.key, grant.sealed, idle));
      // Once more: whoever looked in between found nothing and has tidied up.
      await note(grant);
    },
    async prolong(grant) {
      const last = touched.get(grant.key);
      if (last !== undefined && now() - last < Math.min(86_400_000, idle * touchShare)) return;
      touched.set(grant.key, now(), 256);
      await note(grant);
      await answer(() => store.touch(grant.key, idle));
      await claims.prolong(grant);
    },
    async remove(key) {
      unsaved.forget(key);
      await answer(() => store.delete(key));
      await answer(() => store.index?.remove(key));
    },
    async keysOf(owner) {
      const { index } = store;
      if (index === undefined) return [];
      const marks = await ownerMarks(settings.secrets, settings.name, owner);
      const found = await Promise.all(marks.map((mark) => answer(() => index.ofOwner(mark))));
      return [...new Set(found.flat())];
    },
  };
}

function isRefused(stored: StoredRecord): boolean {
  return (readNote(stored)?.refusedSince ?? null) !== null;
}
