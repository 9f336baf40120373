import type { Provider } from "@pixy/server";
import type { FamilyName } from "../families/families.ts";

/** What is shown of a provider, in the order of the table. */
export const cells = ["login", "profile", "refresh", "rotation", "death", "revoke"] as const;
export type Cell = (typeof cells)[number];

export interface ProviderContract {
  /** The preset under test. */
  readonly provider: Provider;
  /** As whom the authorization server answers. */
  readonly as: FamilyName;
  /** What each login asks for; what the provider needs for everything here, unless given. */
  readonly scope?: readonly string[];
  /** What the app adds to each login, where the provider gives a refresh token to those alone that ask for one. */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * What a dead refresh token does to a session: `ended`, unless given; `kept` where the refusal does not say what it means,
   * so that a login is offered and the token stays.
   */
  readonly death?: "ended" | "kept";
}
