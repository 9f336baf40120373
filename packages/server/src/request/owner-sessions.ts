import { readOwner } from "@pixy/grants";
import type { Session } from "../session/session.ts";
import type { OwnedSessions, Sessions } from "../session/sessions.ts";
import { refuseOption } from "../settings/option-values.ts";
import type { Settings } from "../settings/settings.ts";
import type { Sharing } from "../settings/sharing.ts";

/** The sessions of one person, for a page of theirs or of an administrator. Only where sessions share grants. */
export interface OwnerSessions<Data = unknown, Key extends string | null = string | null> {
  /**
   * Ends all grants and sessions of an owner, and what is logging in or refreshing at this moment. After a failure, call it
   * again.
   *
   * @throws ConfigurationError where sessions share no grants, or their store has no index or no epochs
   * @throws GrantError `store_unavailable`; RequestError `store_unavailable`
   */
  endAll(owner: string): Promise<void>;
  /** The sessions of an owner that are not over; no token is in them. Throws as `endAll`. */
  sessionsOf(owner: string): Promise<readonly Session<Data, Key>[]>;
  /** Ends one session of an owner, by its `id`; `false` where there is none. The grant lives on. Throws as `endAll`. */
  endSession(owner: string, id: string): Promise<boolean>;
}

export function createOwnerSessions<Data>(
  { sharing }: Settings<Data>,
  { owned }: Sessions<Data>,
  // biome-ignore lint/suspicious/noExplicitAny: the keys of an app are known to its types alone.
): OwnerSessions<Data, any> {
  function parts(): { readonly grants: Sharing["grants"]; readonly owned: OwnedSessions<Data> } {
    if (sharing === null) {
      throw refuseOption(
        "grants",
        "Sessions of this app do not know their owner. Give pixy({ grants: createGrants(…), owner: (login) => … }).",
      );
    }
    if (owned !== null) return { grants: sharing.grants, owned };
    throw refuseOption("store", "It has no index to find sessions by. Take a store that has one.");
  }

  return {
    async endAll(given) {
      const { grants, owned } = parts();
      const owner = readOwner(given);
      try {
        // The count of the owner goes up first: whatever was sealed under the one before is over.
        await grants.endAll({ owner });
      } finally {
        await owned.end(owner);
      }
    },
    async sessionsOf(given) {
      const { owned } = parts();
      return (await owned.list(readOwner(given))).map(({ view }) => view);
    },
    async endSession(given, id) {
      const { owned } = parts();
      return typeof id === "string" && (await owned.end(readOwner(given), id)) > 0;
    },
  };
}

/** For adapters that make their login late: the same three, of the login that `authOf` returns. */
export function ownerSessionsOf<Data, Key extends string | null>(
  authOf: () => OwnerSessions<Data, Key>,
): OwnerSessions<Data, Key> {
  return {
    endAll: async (owner) => authOf().endAll(owner),
    sessionsOf: async (owner) => authOf().sessionsOf(owner),
    endSession: async (owner, id) => authOf().endSession(owner, id),
  };
}
