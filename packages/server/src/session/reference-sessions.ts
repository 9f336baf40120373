import {
  type FoundGrant,
  type FullName,
  type OpenGrant,
  type RecordStore,
  type RefreshOutcome,
  shareFlight,
  storeKey,
} from "@pixy/grants";
import { absoluteEnd, lifeLeft } from "../settings/lifetimes.ts";
import type { Settings } from "../settings/settings.ts";
import type { Sharing } from "../settings/sharing.ts";
import { type Found, nobody, stranger } from "./found.ts";
import { grantAnswer } from "./grant-answer.ts";
import type { Reference } from "./reference.ts";
import { createReferenceSeal, type OpenReference } from "./reference-seal.ts";
import { fingerprintOf, type OpenSession, viewOf } from "./session.ts";
import { createSessionCount } from "./session-count.ts";
import { createSessionRecords, type FoundRecord } from "./session-records.ts";
import { mergeData, updateRecord } from "./session-update.ts";
import type { Sessions } from "./sessions.ts";
import { storeAnswer } from "./store-answer.ts";

/** An opened session with what it was made of. */
interface SharingSession<Data> extends OpenSession<Data> {
  readonly reference: OpenReference<Data>;
  readonly grant: OpenGrant;
}

type Outcome<Data> = RefreshOutcome<OpenSession<Data>>;

/**
 * Sessions that live in a store and refer to the grant of their owner: all of one owner share it, with each other and with
 * the app's jobs. A logout ends one session, and the end of the grant ends all. What happens to the grant, `grants` tells.
 */
export function createReferenceSessions<Data>(
  settings: Settings<Data>,
  { parts, keyOf }: Sharing,
  store: RecordStore,
): Sessions<Data> {
  const seal = createReferenceSeal(settings);
  const count = createSessionCount(settings);
  const records = createSessionRecords(settings, store);
  const { index } = records;
  const composed = new WeakMap<OpenReference<Data>, SharingSession<Data>>();

  function nameOf({ owner, provider, account }: Reference<Data>): FullName {
    return { owner, provider: keyOf(provider), account };
  }

  function grantOf(reference: Reference<Data>): Promise<FoundGrant> {
    return grantAnswer(() => parts.find(nameOf(reference)));
  }

  /** The session of a reference and a grant, the same object as long as both are. */
  function compose(reference: OpenReference<Data>, grant: OpenGrant): SharingSession<Data> {
    const known = composed.get(reference);
    if (known?.grant === grant) return known;
    const { account: _account, line: _line, ...rest } = reference;
    const { tokens, kept, fence, warned, tokenExpiresAt, refreshDueAt } = grant;
    const content = { ...rest, tokens, kept, fence, warned };
    const source = (settings.way(reference.provider) ?? settings.ways[0]).provider;
    const view = viewOf(content, reference.key, source);
    const session = Object.freeze({ ...content, tokenExpiresAt, refreshDueAt, view, reference, grant });
    composed.set(reference, session);
    return session;
  }

  async function open({ id, key, stored }: FoundRecord): Promise<Found<Data>> {
    if (stored.sealed === null) return { ...nobody, clear: true };
    const reference = await seal.open(key, stored.sealed);
    if (reference === null) return stranger;
    if (reference.id !== id) return { ...nobody, clear: true };
    const { provider, createdAt } = reference;
    const found = await grantOf(reference);
    if (!isOf(reference, found)) return { ...nobody, clear: true, ended: found.state === "ended", provider };
    records.remember(reference.id, key);
    await records.prolong(key, createdAt, createdAt);
    await grantAnswer(() => parts.prolong(found.grant));
    return { ...nobody, session: compose(reference, found.grant), reauthNeeded: found.isRefused };
  }

  async function lead({ reference, grant }: SharingSession<Data>, isRefused: boolean): Promise<Outcome<Data>> {
    const outcome = await parts.refresh(grant, isRefused);
    const isSame = outcome.outcome === "refreshed" && outcome.session.line === reference.line;
    const ours: Outcome<Data> =
      outcome.outcome !== "refreshed"
        ? outcome
        : isSame
          ? { outcome: "refreshed", session: compose(reference, outcome.session) }
          : { outcome: "ended", reason: "gone" };
    let stored: Awaited<ReturnType<RecordStore["read"]>>;
    let found: FoundGrant;
    try {
      [stored, found] = await Promise.all([store.read(reference.key), parts.find(nameOf(reference))]);
    } catch {
      // What was heard stands; the next request asks again.
      return ours;
    }
    // Whoever ended the session, or all of its owner, while the provider was asked is obeyed.
    if (stored === null) return { outcome: "ended", reason: "gone" };
    if (isOf(reference, found)) {
      const isEnded = ours.outcome === "ended";
      return ours.outcome === "refreshed" || isEnded
        ? { outcome: "refreshed", session: compose(reference, found.grant) }
        : ours;
    }
    return ours.outcome === "ended" ? ours : { outcome: "ended", reason: "gone" };
  }

  return {
    refreshNeedsCookie: false,
    find: (cookieHeader) => records.find(cookieHeader, open),
    async create(content, { claims = null, grant } = {}) {
      if (grant === undefined) throw new TypeError("A session that shares a grant was given none.");
      const { owner, account, line } = grant;
      const { id, clientId, data, asked, createdAt, provider, issuer, tokenEndpoint } = content;
      const key = await storeKey(id);
      const where = { provider, issuer, tokenEndpoint };
      const reference = await seal.seal({ id, clientId, owner, account, line, data, asked, createdAt, ...where }, key);
      // First, so that no session is there that cannot be found.
      await storeAnswer(() => index?.addOwner(key, owner, settings.absolute));
      await records.note(key, content, claims);
      await storeAnswer(() => store.create(key, reference.sealed, lifeLeft(settings, createdAt)));
      count.add();
      return compose(reference, grant);
    },
    refresh(session, keepAlive, isRefused = false) {
      const { key, grant } = session as SharingSession<Data>;
      const name = ["reference", settings.instance, key, grant.id, grant.fence];
      return shareFlight(name, () => lead(session as SharingSession<Data>, isRefused), keepAlive);
    },
    async update(session, change) {
      const { key, grant } = session as SharingSession<Data>;
      const changed = await updateRecord<OpenReference<Data>>(store, key, {
        open: ({ sealed }) => seal.open(key, sealed),
        async change(newest) {
          const reference = await seal.seal({ ...newest, data: mergeData(newest.data, change) }, key);
          const ttl = lifeLeft(settings, newest.createdAt);
          return { session: reference, sealed: reference.sealed, ttl };
        },
      });
      return compose(changed, grant);
    },
    // The store has it, and the cookie does not change.
    hold() {},
    async delete(session) {
      seal.forget(session.sealed);
      await records.remove(session.key);
      return session;
    },
    // Other sessions and the app's jobs go on with it.
    revoke() {},
    async endOf(issuer, of) {
      return records.endEach((await storeAnswer(() => index?.keysOf(issuer, of))) ?? [], "provider");
    },
    owned: index && {
      async list(owner) {
        const sessions: OpenSession<Data>[] = [];
        for (const key of await storeAnswer(() => index.keysOfOwner(owner))) {
          const stored = await storeAnswer(() => store.read(key));
          // The index is a hint: what it says is checked against the record.
          const reference = stored?.sealed ? await seal.open(key, stored.sealed) : null;
          if (reference === null || reference.owner !== owner) continue;
          const found = await grantOf(reference);
          if (isOf(reference, found)) sessions.push(compose(reference, found.grant));
        }
        return sessions;
      },
      async end(owner, fingerprint) {
        const keys = await storeAnswer(() => index.keysOfOwner(owner));
        const meant = keys.filter((key) => fingerprint === undefined || fingerprintOf(key) === fingerprint);
        return records.endEach(meant, "app");
      },
    },
    isNewest: () => true,
    made: count.made,
    issue: ({ key, id, createdAt }) => ({ key, value: id, endsAt: absoluteEnd(settings, createdAt) }),
  };
}

/** Whether a grant is a session's: where it has ended, or another line stands in its place, the session is over for good. */
function isOf<Data>({ line }: Reference<Data>, found: FoundGrant): found is FoundGrant & { readonly state: "there" } {
  return found.state === "there" && found.grant.line === line;
}
