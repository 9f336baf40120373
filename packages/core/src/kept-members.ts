import type { Provider } from "./provider.ts";

/** Members of a token answer that the provider's `keep` names, as the provider wrote them. */
export type KeptMembers = Readonly<Record<string, unknown>>;

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
