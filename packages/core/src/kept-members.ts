import type { Provider } from "./provider.ts";

/** Members of a token answer that the provider's `keep` names, as the provider wrote them. */
export type KeptMembers = Readonly<Record<string, unknown>>;

/** Octets of JSON that are kept of an answer, in all: they travel with what they are kept in. */
const most = 512;

/** Returns what `keep` names and the answer has; nothing else of an answer leaves the core. */
export function readKept({ keep = [] }: Provider, answer: KeptMembers): KeptMembers {
  return Object.fromEntries(keep.filter((name) => Object.hasOwn(answer, name)).map((name) => [name, answer[name]]));
}

/**
 * Returns the base of the API that a kept member names, such as Salesforce's `instance_url`: https, no port, on one of
 * the provider's own hosts. For anything else the provider's `api`; asked at each use, since what was kept may be old.
 */
export function apiOf({ api, apiFrom }: Provider, kept: KeptMembers): string | undefined {
  if (!apiFrom) return api;
  const value = kept[apiFrom.member];
  const host = typeof value === "string" ? /^https:\/\/([a-z\d][a-z\d.-]*)\/?$/i.exec(value)?.[1]?.toLowerCase() : null;
  return host && apiFrom.hosts.some((known) => host.endsWith(known)) ? `https://${host}` : api;
}

/** The provider with the API of this login. Asked at each use, as `apiOf` is. */
export function withApiOf(provider: Provider, kept: KeptMembers): Provider {
  return provider.apiFrom === undefined ? provider : { ...provider, api: apiOf(provider, kept) };
}

/**
 * Returns what is kept of an answer beside its tokens: the member that names the API of this login, and no other; `null`
 * for one that is at no host of the provider's, or takes more than 512 octets.
 */
export function keptApi(provider: Provider, kept: KeptMembers): KeptMembers | null {
  const member = provider.apiFrom?.member;
  if (member === undefined || kept[member] === undefined) return {};
  const named = { [member]: apiOf({ ...provider, api: undefined }, kept) };
  return named[member] !== undefined && isKept(named) ? named : null;
}

/** What is kept after a refresh: what the answer says anew, unless it cannot be used; its tokens can. */
export function restateKept(provider: Provider, before: KeptMembers, kept: KeptMembers): KeptMembers {
  return { ...before, ...keptApi(provider, kept) };
}

/** Whether this can be what was kept of an answer. */
export function isKept(value: unknown): value is KeptMembers {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && new TextEncoder().encode(JSON.stringify(value)).length <= most;
}
