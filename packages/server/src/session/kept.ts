import { apiOf, type KeptMembers, type Provider } from "@pixy/core";
import { foreignApi } from "../errors.ts";

/** Octets of JSON that a session keeps of an answer, in all: each travels with each request. */
const most = 512;

/**
 * Returns what a session keeps of an answer: the member that names the API of this login, and no other.
 *
 * @throws RequestError `foreign_api` for one that is at no host of the provider's, or takes more than 512 octets
 */
export function readSessionKept(provider: Provider, kept: KeptMembers): KeptMembers {
  const member = provider.apiFrom?.member;
  if (member === undefined || kept[member] === undefined) return {};
  const named = { [member]: apiOf({ ...provider, api: undefined }, kept) };
  if (named[member] === undefined || sizeOf(named) > most) throw foreignApi(member, kept[member]);
  return named;
}

/** What a session keeps after a refresh: what the answer says anew, unless it cannot be used; its tokens can. */
export function restateKept(provider: Provider, before: KeptMembers, kept: KeptMembers): KeptMembers {
  try {
    return { ...before, ...readSessionKept(provider, kept) };
  } catch {
    return before;
  }
}

/** The provider with the API of this login. Asked at each use: what was kept may be older than the provider's hosts. */
export function withApiOf(provider: Provider, kept: KeptMembers): Provider {
  return provider.apiFrom === undefined ? provider : { ...provider, api: apiOf(provider, kept) };
}

/** Whether this can be what a session of ours keeps. */
export function isSessionKept(value: unknown): value is KeptMembers {
  return typeof value === "object" && value !== null && !Array.isArray(value) && sizeOf(value) <= most;
}

function sizeOf(kept: object): number {
  return new TextEncoder().encode(JSON.stringify(kept)).length;
}
