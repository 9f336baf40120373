import { digest } from "../sealing/digest.ts";
import { createSealer, type Sealer } from "../sealing/seal.ts";
import type { OpenGrant } from "./grant-content.ts";
import { type FullName, nameOf, tuple } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";
import { answer } from "./store-answer.ts";

/** Who an account at a provider belongs to in this app: one grant, claimed in one create-if-absent step. */
export interface AccountClaims {
  /** Claims an account for a grant; returns the claim that stands, which may be this one. */
  claim(name: FullName, subject: string): Promise<AccountClaim>;
  /** Lets the claim of a grant go, if it has one. */
  free(grant: Pick<OpenGrant, "subject" | keyof FullName>): Promise<void>;
  /** Tells the store that the claim of a grant is wanted. */
  prolong(grant: OpenGrant): Promise<void>;
}

/** The grant that an account belongs to. */
export interface AccountClaim extends FullName {
  /** Milliseconds since 1970. */
  readonly claimedAt: number;
}

interface PackedClaim {
  readonly t: number;
  readonly n: readonly [owner: string, provider: string, account: string | null];
}

const never = Number.MAX_SAFE_INTEGER;

export function createAccountClaims({ secrets, name: app, now, store, idle }: GrantSettings): AccountClaims {
  const sealer: Sealer<PackedClaim> = createSealer({ secrets, purpose: "grant", context: ["claim", app], now });
  const keyOf = (provider: string, subject: string) => digest(tuple(["pixy claim", app, provider, subject]));

  async function holderOf(key: string): Promise<AccountClaim | null> {
    const stored = await answer(() => store.read(key));
    if (stored === null || stored.sealed === null) return null;
    const opened = await sealer.open(stored.sealed, { subject: key });
    if (!opened.ok) return null;
    const [owner, provider, account] = opened.payload.n;
    return { owner, provider, account, claimedAt: opened.payload.t };
  }

  return {
    async claim(name, subject) {
      const key = await keyOf(name.provider, subject);
      const own: AccountClaim = { ...nameOf(name), claimedAt: now() };
      const packed: PackedClaim = { t: own.claimedAt, n: [name.owner, name.provider, name.account] };
      const sealed = await sealer.seal(packed, { expiresAt: never, subject: key });
      if ((await answer(() => store.create(key, sealed, idle))) === "created") return own;
      const holder = await holderOf(key);
      if (holder !== null) {
        await answer(() => store.touch(key, idle));
        return holder;
      }
      // It went meanwhile, or nobody can read it any more.
      await answer(() => store.delete(key));
      const result = await answer(() => store.create(key, sealed, idle));
      return result === "created" ? own : ((await holderOf(key)) ?? own);
    },
    async free(grant) {
      if (grant.subject === null) return;
      const key = await keyOf(grant.provider, grant.subject);
      const holder = await holderOf(key);
      if (holder !== null && isSame(holder, grant)) await answer(() => store.delete(key));
    },
    async prolong(grant) {
      if (grant.subject === null) return;
      const key = await keyOf(grant.provider, grant.subject);
      await answer(() => store.touch(key, idle));
    },
  };
}

/** Whether two names are one. */
export function isSame(one: FullName, other: FullName): boolean {
  return JSON.stringify(nameOf(one)) === JSON.stringify(nameOf(other));
}
