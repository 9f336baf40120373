import { type Grants, type GrantsParts, partsOf, type RecordStore, readOwner } from "@pixy/grants";
import { readAccountOf } from "./account-of.ts";
import { keyIn } from "./connect.ts";
import type { NewLogin } from "./login-handler.ts";
import { refuseOption } from "./option-values.ts";
import type { PixyOptions } from "./options.ts";
import type { Ways } from "./ways.ts";

/** What is needed by sessions that share the grants of their owners. */
export interface Sharing {
  readonly grants: Grants;
  readonly parts: GrantsParts;
  readonly onConflict: "refuse" | "replace";
  /** Whose login it is, and of which account at the provider. Asked once for a login. */
  placeOf(login: NewLogin): Promise<{ readonly owner: string; readonly subject: string }>;
  /** The key in `grants` of a way to log in. */
  keyOf(way: string | null): string;
}

/** The store of the grants that sessions share; `undefined` where they do not. */
export function storeOf<Data>({ grants, owner, ownerOf }: PixyOptions<Data>): RecordStore | undefined {
  const isShared = grants !== undefined && (owner !== undefined || ownerOf === undefined);
  return isShared ? partsOf(grants)?.store : undefined;
}

/** Reads whether sessions share grants; `null` where each has one of its own, or is the app's. */
export function readSharing<Data>(
  { grants, owner, ownerOf, accountOf, onConflict = "refuse" }: PixyOptions<Data>,
  ways: Ways,
): Sharing | null {
  if (owner !== undefined && typeof owner !== "function") {
    throw refuseOption(
      "owner",
      "Say whose login it is, by your own id: owner: async (login) => (await userOf(login)).id.",
    );
  }
  if (grants === undefined && owner !== undefined) {
    throw refuseOption("owner", "It is of use with `grants: createGrants(…)` only.");
  }
  // Who has users of its own connects their accounts, and logs them in by itself.
  if (grants === undefined || (owner === undefined && ownerOf !== undefined)) return null;
  const keyOf = keyIn(grants);
  const account = readAccountOf({ accountOf }, ways);
  return {
    ...{ grants, parts: partsOf(grants) as GrantsParts, onConflict, keyOf },
    async placeOf(login) {
      const subject = await account(login);
      // Never an e-mail: those change hands.
      return { owner: owner ? readOwner(await owner(login)) : `${keyOf(login.provider)}:${subject}`, subject };
    },
  };
}
