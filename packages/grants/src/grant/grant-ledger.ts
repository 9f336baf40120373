import { Memo } from "../process/memo.ts";
import type { StoredRecord } from "../record/record-store.ts";
import { readNote } from "../refresh/failure-note.ts";
import { createUnsaved, type Unsaved } from "../refresh/unsaved.ts";
import { type AccountClaims, createAccountClaims } from "./account-claims.ts";
import { attentionIn } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import { GrantError } from "./grant-error.ts";
import { type FullName, grantKey, ownerKey, wordsOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { createGrantSeal, type GrantSeal } from "./grant-seal.ts";
import { ownerMarks } from "./owner-mark.ts";
import { answer } from "./store-answer.ts";

/** What stands under a key. */
export type FoundGrant =
  | {
      readonly state: "there";
      readonly grant: OpenGrant;
      /** The provider refused, and a login would help. */
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
  find(key: string, who: string): Promise<FoundGrant>;
  /** The same by its name, with all that the store is asked at once. */
  findNamed(name: FullName): Promise<FoundGrant>;
  /** The same, whether everything of its owner was ended since or not. */
  open(key: string, who: string): Promise<FoundGrant>;
  /** The count that a new grant of an owner is sealed under; 0 where the store keeps none. */
  epochOf(owner: string): Promise<number>;
  /** Puts a grant in the place of whatever stood under its key. */
  put(grant: OpenGrant): Promise<void>;
  /** Puts a grant where nothing stood; `false` where something does by now. */
  add(grant: OpenGrant): Promise<boolean>;
  /** Notes in the index when a grant needs attention; a hint, so a store that fails here is no failure. */
  note(grant: OpenGrant): Promise<void>;
  /** Tells the store that a grant is wanted, seldom. */
  prolong(grant: OpenGrant): Promise<void>;
  /** Deletes what stands under a key and returns it; `null` where the store does not say. */
  remove(key: string, who: string): Promise<FoundGrant | null>;
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

  const open = async (key: string, who: string) => opened(key, await answer(() => store.read(key)), who);

  async function opened(key: string, stored: StoredRecord | null, who: string): Promise<FoundGrant> {
    if (stored === null) return { state: "absent" };
    if (stored.ended || stored.sealed === null) return { state: "ended" };
    const read = await seal.open(key, stored.sealed, who);
    if (GrantError.isInstance(read)) return { state: "unreadable", error: read as GrantError };
    const held = await unsaved.newerThan(key, stored.fence);
    // What was held belongs to its own grant, not to one that was saved in its place.
    const grant = held !== null && held.id === read.id ? held : read;
    return { state: "there", grant, isRefused: isRefused(stored) };
  }

  function under(epoch: number, found: FoundGrant): FoundGrant {
    return found.state === "there" && epoch > found.grant.epoch ? { state: "absent" } : found;
  }

  async function write(grant: OpenGrant, isNew: boolean): Promise<boolean> {
    unsaved.forget(grant.key);
    touched.set(grant.key, now(), 256);
    await note(grant);
    const { key, sealed } = grant;
    const result = await answer(() => (isNew ? store.create(key, sealed, idle) : store.replace(key, sealed, idle)));
    // Once more: whoever looked in between found nothing and has tidied up.
    await note(grant);
    return result !== "exists";
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
    open,
    async find(key, who) {
      const found = await open(key, who);
      return found.state === "there" ? under(await epochOf(found.grant.owner), found) : found;
    },
    async findNamed(name) {
      const key = await grantKey(settings.name, name);
      const [epoch, found] = await Promise.all([epochOf(name.owner), open(key, wordsOf(name))]);
      return under(epoch, found);
    },
    epochOf,
    note,
    async put(grant) {
      await write(grant, false);
    },
    add: (grant) => write(grant, true),
    async prolong(grant) {
      const last = touched.get(grant.key);
      if (last !== undefined && now() - last < Math.min(86_400_000, idle * touchShare)) return;
      touched.set(grant.key, now(), 256);
      await note(grant);
      await answer(() => store.touch(grant.key, idle));
      await claims.prolong(grant);
    },
    async remove(key, who) {
      const deleted = await answer(() => store.delete(key));
      const found = deleted === undefined ? null : await opened(key, deleted as StoredRecord | null, who);
      unsaved.forget(key);
      await answer(() => store.index?.remove(key));
      return found;
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
