import { defaultTiming } from "../refresh/refresh-world.ts";
import { digest } from "../sealing/digest.ts";
import { createSealer, type Opened, type Sealer } from "../sealing/seal.ts";
import type { OpenGrant } from "./grant-content.ts";
import { unknownSecret } from "./grant-error.ts";
import { type FullName, nameOf, tuple } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { answer } from "./store-answer.ts";

/** Who an account at a provider belongs to in this app: one grant, claimed in one create-if-absent step. */
export interface AccountClaims {
  /**
   * Claims an account for a grant; returns the claim that stands, which may be this one.
   *
   * @throws GrantError `unknown_secret`, unless that is to be overwritten
   */
  claim(name: FullName, subject: string, overwriteUnknownSecret: boolean): Promise<AccountClaim>;
  /** Lets the claim of a grant go, if it has one. */
  free(grant: Pick<OpenGrant, "subject" | keyof FullName>): Promise<void>;
  /** Tells the store that the claim of a grant is wanted. */
  prolong(grant: OpenGrant): Promise<void>;
  /** Seals the claim of a grant with the current secret, if it has one that a previous secret has sealed. */
  reseal(grant: OpenGrant): Promise<Resealed>;
}

/** The grant that an account belongs to. */
export interface AccountClaim extends FullName {
  /** Milliseconds since 1970. */
  readonly claimedAt: number;
}

/** `kept`: nothing was to do. `busy`: somebody else writes it. `unknown`: no secret of the list has sealed it. */
export type Resealed = "kept" | "resealed" | "busy" | "unknown";

interface PackedClaim {
  readonly t: number;
  readonly n: readonly [owner: string, provider: string, account: string | null];
}

const never = Number.MAX_SAFE_INTEGER;

export function createAccountClaims({ secrets, name: app, now, store, idle }: GrantSettings): AccountClaims {
  const sealer: Sealer<PackedClaim> = createSealer({ secrets, purpose: "grant", context: ["claim", app], now });
  const keyOf = (provider: string, subject: string) => digest(tuple(["pixy claim", app, provider, subject]));

  /** Opens what stands under a key; `null` where nothing does. */
  async function read(key: string): Promise<Opened<PackedClaim> | null> {
    const stored = await answer(() => store.read(key));
    return stored === null ? null : sealer.open(stored.sealed ?? "", { subject: key });
  }

  function pack({ owner, provider, account, claimedAt }: AccountClaim, key: string): Promise<string> {
    return sealer.seal({ t: claimedAt, n: [owner, provider, account] }, { expiresAt: never, subject: key });
  }

  return {
    async claim(name, subject, overwriteUnknownSecret) {
      const key = await keyOf(name.provider, subject);
      const own: AccountClaim = { ...nameOf(name), claimedAt: now() };
      const sealed = await pack(own, key);
      for (;;) {
        if ((await answer(() => store.create(key, sealed, idle))) === "created") return own;
        const opened = await read(key);
        // It went meanwhile.
        if (opened === null) continue;
        if (opened.ok) {
          await answer(() => store.touch(key, idle));
          return unpack(opened.payload);
        }
        if (opened.reason === "foreign" && !overwriteUnknownSecret) {
          throw unknownSecret(`claim of this account at ${name.provider}`, store.name);
        }
        // Nobody can read it any more.
        await answer(() => store.delete(key));
      }
    },
    async free(grant) {
      if (grant.subject === null) return;
      const key = await keyOf(grant.provider, grant.subject);
      const opened = await read(key);
      if (opened?.ok && isSame(unpack(opened.payload), grant)) await answer(() => store.delete(key));
    },
    async prolong(grant) {
      if (grant.subject === null) return;
      const key = await keyOf(grant.provider, grant.subject);
      await answer(() => store.touch(key, idle));
    },
    async reseal(grant) {
      if (grant.subject === null) return "kept";
      const key = await keyOf(grant.provider, grant.subject);
      const before = await read(key);
      if (before === null || (before.ok && !before.stale)) return "kept";
      if (!before.ok) return before.reason === "foreign" ? "unknown" : "kept";
      const { lease, intent } = defaultTiming;
      const acquired = await answer(() => store.acquire(key, { lease, intent }));
      if (acquired.state === "gone") return "kept";
      if (acquired.state === "held") return "busy";
      // What stands there now: it may have gone to another grant meanwhile.
      const { fence, stored } = acquired;
      const opened = await sealer.open(stored.sealed ?? "", { subject: key });
      if (opened.ok && opened.stale) {
        const fresh = await pack(unpack(opened.payload), key);
        await answer(() => store.commit(key, fence, fresh, idle));
      }
      await answer(() => store.release(key, fence));
      return "resealed";
    },
  };
}

function unpack({ t: claimedAt, n: [owner, provider, account] }: PackedClaim): AccountClaim {
  return { owner, provider, account, claimedAt };
}

/** Whether two names are one. */
export function isSame(one: FullName, other: FullName): boolean {
  return JSON.stringify(nameOf(one)) === JSON.stringify(nameOf(other));
}
