import { type KeptMembers, keptApi, type Provider } from "@pixy/core";
import { foreignApi } from "../errors.ts";

/**
 * Returns what a session keeps of an answer: the member that names the API of this login, and no other.
 *
 * @throws RequestError `foreign_api` for one that is at no host of the provider's, or takes more than 512 octets
 */
export function readSessionKept(provider: Provider, kept: KeptMembers): KeptMembers {
  const named = keptApi(provider, kept);
  if (named !== null) return named;
  const { member = "" } = provider.apiFrom ?? {};
  throw foreignApi(member, kept[member]);
}
