import { getPublicSuffix } from "tough-cookie";

/** The values of Sec-Fetch-Site. */
export type Site = "none" | "same-origin" | "same-site" | "cross-site";

/** How one request of a browser looks to a server (W3C Fetch Metadata §2). */
export interface Purpose {
  readonly mode: "navigate" | "cors" | "no-cors";
  readonly destination: "document" | "empty";
  readonly userActivated: boolean;
  readonly prefetches: boolean;
}

/** Returns Sec-Fetch-Site of a request: the worst relation between the initiator and any URL of the redirect chain. */
export function siteOf(initiator: string | null, chain: readonly URL[]): Site {
  if (initiator === null) return "none";
  const from = new URL(initiator);
  if (chain.every((url) => url.origin === from.origin)) return "same-origin";
  return chain.every((url) => isSameSite(url, from)) ? "same-site" : "cross-site";
}

function isSameSite(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && registrableDomain(a) === registrableDomain(b);
}

function registrableDomain({ hostname }: URL): string {
  return getPublicSuffix(hostname, { allowSpecialUseDomain: true, ignoreError: true }) ?? hostname;
}

/** Returns the headers that Chromium sends with a request; none to plain http beyond loopback, where browsers send none. */
export function fetchMetadata(url: URL, site: Site, purpose: Purpose): Record<string, string> {
  const prefetch: Record<string, string> = purpose.prefetches ? { "sec-purpose": "prefetch", purpose: "prefetch" } : {};
  if (!isTrustworthy(url)) return prefetch;
  return {
    ...prefetch,
    "sec-fetch-site": site,
    "sec-fetch-mode": purpose.mode,
    "sec-fetch-dest": purpose.destination,
    ...(purpose.userActivated ? { "sec-fetch-user": "?1" } : {}),
  };
}

function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(127\.\d+\.\d+\.\d+|\[::1\]|(.+\.)?localhost)$/.test(hostname);
}
