import type { Claims, SessionsOf } from "@pixy/core";
import { ownerMarks, type RecordIndex } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";

/** Finds stored sessions by what their provider calls the person (`sub`) and the login (`sid`). */
export interface SessionIndex {
  /** Notes a session until it ends for good, `ttlMs` from now; nothing where the claims name nobody. */
  add(key: string, issuer: string, claims: Claims | null, ttlMs: number): Promise<void>;
  /** The keys of sessions that were noted; some may have ended. */
  keysOf(issuer: string, of: SessionsOf): Promise<readonly string[]>;
  /** Notes a session of one of the app's own users. */
  addOwner(key: string, owner: string, ttlMs: number): Promise<void>;
  keysOfOwner(owner: string): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
}

const kinds = ["sub", "sid"] as const;
/** An owner is the app's own, of whatever issuer. */
const own = "";
type Kind = (typeof kinds)[number] | "owner";

export function createSessionIndex<Data>(settings: Settings<Data>, index: RecordIndex): SessionIndex {
  const { secrets, cookies } = settings;
  const marksOf = (kind: Kind, issuer: string, value: string) =>
    ownerMarks(secrets, cookies.session, [kind, issuer, value].join("\u001f"));
  // An index notes one owner of each key, and a session has two names.
  const noteOf = (kind: Kind, key: string) => `${key}.${kind}`;

  async function note(kind: Kind, key: string, issuer: string, value: string, ttlMs: number): Promise<void> {
    const [owner] = await marksOf(kind, issuer, value);
    await index.add(noteOf(kind, key), { owner, due: null }, ttlMs);
  }

  async function find(kind: Kind, issuer: string, value: string): Promise<readonly string[]> {
    // Under a previous secret, too: people logged in before it was replaced.
    const found = await Promise.all((await marksOf(kind, issuer, value)).map((owner) => index.ofOwner(owner)));
    return [...new Set(found.flat())].map((name) => name.slice(0, -noteOf(kind, "").length));
  }

  return {
    async add(key, issuer, claims, ttlMs) {
      for (const kind of kinds) {
        const value = claims?.[kind];
        if (typeof value !== "string" || value === "") continue;
        await note(kind, key, issuer, value, ttlMs);
      }
    },
    async keysOf(issuer, { sub, sid }) {
      const [kind, value] = sid === undefined ? (["sub", sub] as const) : (["sid", sid] as const);
      if (typeof value !== "string" || value === "") return [];
      return find(kind, issuer, value);
    },
    addOwner: (key, owner, ttlMs) => note("owner", key, own, owner, ttlMs),
    keysOfOwner: (owner) => find("owner", own, owner),
    async remove(key) {
      for (const kind of [...kinds, "owner"] as const) await index.remove(noteOf(kind, key));
    },
  };
}
