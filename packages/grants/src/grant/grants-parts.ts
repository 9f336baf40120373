import type { OpenGrant } from "./grant-content.ts";
import type { FoundGrant } from "./grant-ledger.ts";
import type { FullName } from "./grant-name.ts";
import type { GrantsOptions } from "./grant-options.ts";
import type { GrantRefresh } from "./grant-refresh.ts";
import type { SaveGrant } from "./save-grant.ts";

/** What grants were made of and how they work inside, for a login whose sessions share them. */
export interface GrantsParts extends Pick<GrantsOptions, "providers" | "secret" | "store"> {
  find(name: FullName): Promise<FoundGrant>;
  /** How often everything of an owner was ended; 0 where the store keeps no count. */
  epochOf(owner: string): Promise<number>;
  readonly save: SaveGrant;
  readonly refresh: GrantRefresh;
  /** Tells the store that a grant is wanted, seldom. */
  prolong(grant: OpenGrant): Promise<void>;
}

// Known to every copy of this module: Next loads several in one process.
const parts: unique symbol = /* @__PURE__ */ Symbol.for("pixy/grants") as never;

/** Freezes grants, with their parts in a function that is not enumerable: whoever prints grants prints no secret. */
export function withParts<Grants extends object>(grants: Grants, own: GrantsParts): Grants {
  return Object.freeze(Object.defineProperty(grants, parts, { value: (): GrantsParts => own }));
}

/** Returns what grants were made of; `null` for what `createGrants` did not make. */
export function partsOf(grants: object): GrantsParts | null {
  return (grants as { readonly [parts]?: () => GrantsParts })[parts]?.() ?? null;
}
