import { loginFormAction } from "../endpoints/login-page.ts";
import type { Decision } from "../state/people.ts";
import {
  type CallOptions,
  call,
  type NavigateOptions,
  navigation,
  type PrefetchOptions,
  prefetch,
  submission,
} from "./browser-request.ts";
import { type BrowserJar, createBrowserJar, type StoredCookie } from "./cookie-jar.ts";
import { type IncomingResponse, type OutgoingRequest, sendOverHttp, sendToFetcher } from "./http-transport.ts";
import { follow, type Hop, isRedirect, type Page, type Visit, type VisitOptions } from "./visit.ts";

export interface UserAgentOptions {
  /** Servers without a port: what answers for an origin, such as `{ "https://app.test": (request) => … }`. */
  readonly fetchers?: Readonly<Record<string, (request: Request) => Response | Promise<Response>>>;
}

/** A browser without a window: cookie jar, current page, history, and Chromium's Sec-Fetch headers. */
export interface UserAgent {
  navigate(url: string | URL, options?: NavigateOptions): Promise<Page>;
  /** Sends what a script's `fetch` on the current page sends; without a page, on a page of the URL's own origin. */
  call(url: string | URL, options?: CallOptions): Promise<Page>;
  /** Submits a form of the current page by POST. */
  submit(url: string | URL, form?: Readonly<Record<string, string>>, options?: VisitOptions): Promise<Page>;
  prefetch(url: string | URL, options?: PrefetchOptions): Promise<Page>;
  /** Navigates to the app, decides on the provider's login page where one shows, and follows the callback home. */
  login(url: string | URL, options: { readonly person: Decision }): Promise<Page>;
  readonly page: Page | null;
  /** The URLs of the pages that were shown, as a browser's history keeps them: without redirects. */
  readonly history: readonly string[];
  /** Every request, in order. */
  readonly hops: readonly Hop[];
  /** The cookies that a request to this URL from the same site carries. */
  cookies(url: string | URL): Promise<readonly StoredCookie[]>;
  /** Takes a Set-Cookie header as if the URL had sent it. */
  setCookie(url: string | URL, header: string): Promise<void>;
  /** Forgets the requests and the history; the cookies and the page stay. */
  forget(): void;
  /** Returns a second browser with the same cookies, page and history; from then on they go separate ways. */
  clone(): Promise<UserAgent>;
}

interface State {
  readonly jar: BrowserJar;
  readonly history: string[];
  readonly hops: Hop[];
  page: Page | null;
}

/**
 * Creates a user agent with an empty cookie jar.
 *
 * @example
 * const browser = createUserAgent();
 * const page = await browser.login("http://127.0.0.1:3000/me", { person: "ada" });
 */
export function createUserAgent(options: UserAgentOptions = {}): UserAgent {
  return userAgent(options, { jar: createBrowserJar(), history: [], hops: [], page: null });
}

function userAgent(options: UserAgentOptions, state: State): UserAgent {
  const { jar } = state;

  async function visit(target: string | URL, first: Visit): Promise<Page> {
    const page = await follow(new URL(target, state.page?.url), first, jar, send);
    state.hops.push(...page.hops);
    const { mode, prefetches } = first.purpose;
    const showsNothing = page.status === 204 || isRedirect(page);
    if (mode === "navigate" && !prefetches && !showsNothing) show(page);
    return page;
  }

  function send(request: OutgoingRequest): Promise<IncomingResponse> {
    const fetchers = options.fetchers ?? {};
    const { origin } = request.url;
    const fetcher = Object.hasOwn(fetchers, origin) ? fetchers[origin] : undefined;
    return fetcher === undefined ? sendOverHttp(request) : sendToFetcher(fetcher, request);
  }

  function show(page: Page): void {
    state.page = page;
    state.history.push(page.url);
  }

  function navigate(url: string | URL, visitOptions?: NavigateOptions): Promise<Page> {
    return visit(url, navigation(state.page, visitOptions));
  }

  function submit(url: string | URL, form?: Readonly<Record<string, string>>, options?: VisitOptions): Promise<Page> {
    const target = new URL(url, state.page?.url);
    return visit(target, submission(state.page, target, form, options));
  }

  return {
    navigate,
    submit,
    call(url, callOptions) {
      const target = new URL(url, state.page?.url);
      return visit(target, call(state.page, target, callOptions));
    },
    prefetch(url, prefetchOptions) {
      const target = new URL(url, state.page?.url);
      return visit(target, prefetch(state.page, target, prefetchOptions));
    },
    async login(url, { person }) {
      const page = await navigate(url);
      const action = loginFormAction(page.body);
      return action === null ? page : submit(new URL(action, page.url), { person });
    },
    get page() {
      return state.page;
    },
    history: state.history,
    hops: state.hops,
    cookies: (url) => jar.list(new URL(url)),
    setCookie: (url, header) => jar.store([header], new URL(url), { site: "none", isNavigation: true, method: "GET" }),
    forget() {
      state.hops.length = 0;
      state.history.length = 0;
    },
    async clone() {
      const copy: State = {
        jar: await jar.clone(),
        history: [...state.history],
        hops: [...state.hops],
        page: state.page,
      };
      return userAgent(options, copy);
    },
  };
}
