import { trimBlanks } from "../state/blanks.ts";
import type { Purpose } from "./fetch-metadata.ts";
import type { Page, Visit, VisitOptions } from "./visit.ts";

export interface NavigateOptions extends VisitOptions {
  /** Typed into the address bar, unless given; "link" is a click on the current page. */
  readonly from?: "address-bar" | "link";
}

export interface CallOptions extends VisitOptions {
  readonly method?: string;
  readonly body?: string;
  /** "same-origin", unless given: then no cookie crosses origins. */
  readonly credentials?: "same-origin" | "include" | "omit";
}

export interface PrefetchOptions extends VisitOptions {
  /** `<link rel=prefetch>`, or a speculation rule, which looks like a navigation; "speculation", unless given. */
  readonly by?: "link" | "speculation";
}

const navigating: Purpose = { mode: "navigate", destination: "document", userActivated: true, prefetches: false };
const scripted: Purpose = { mode: "cors", destination: "empty", userActivated: false, prefetches: false };
const html = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

/** What the address bar or a link sends. */
export function navigation(page: Page | null, options: NavigateOptions = {}): Visit {
  return {
    ...{ method: "GET", purpose: navigating, origin: null, body: null, credentials: "include" },
    initiator: options.from === "link" ? (page?.url ?? null) : null,
    headers: { accept: html, "upgrade-insecure-requests": "1" },
    options,
  };
}

/** What a form of the page sends by POST. */
export function submission(
  page: Page | null,
  target: URL,
  form: Readonly<Record<string, string>> = {},
  options: VisitOptions = {},
): Visit {
  return {
    ...{ method: "POST", purpose: navigating, credentials: "include" },
    initiator: page?.url ?? null,
    origin: page === null ? "null" : originOfForm(page, target),
    body: new URLSearchParams(form).toString(),
    headers: { accept: html, "upgrade-insecure-requests": "1", "content-type": "application/x-www-form-urlencoded" },
    options,
  };
}

/** What a script's `fetch` sends. */
export function call(page: Page | null, target: URL, options: CallOptions = {}): Visit {
  const initiator = page?.url ?? target.href;
  return {
    ...{ purpose: scripted, initiator, origin: new URL(initiator).origin, headers: { accept: "*/*" } },
    method: options.method ?? "GET",
    body: options.body ?? null,
    credentials: options.credentials ?? "same-origin",
    options,
  };
}

/** What is fetched ahead. */
export function prefetch(page: Page | null, target: URL, options: PrefetchOptions = {}): Visit {
  const speculates = options.by !== "link";
  return {
    ...{ method: "GET", origin: null, body: null, credentials: "include" },
    purpose: speculates
      ? { ...navigating, userActivated: false, prefetches: true }
      : { mode: "no-cors", destination: "empty", userActivated: false, prefetches: true },
    initiator: page?.url ?? target.href,
    headers: { accept: speculates ? html : "*/*" },
    options,
  };
}

/** The Origin of a form's POST is "null" where the page's Referrer-Policy hides it (Fetch §3.1). */
function originOfForm(page: Page, target: URL): string {
  const { origin } = new URL(page.url);
  const policy = trimBlanks(page.headers.get("referrer-policy")?.split(",").at(-1) ?? "").toLowerCase();
  const hides = policy === "no-referrer" || (policy === "same-origin" && origin !== target.origin);
  return hides ? "null" : origin;
}
