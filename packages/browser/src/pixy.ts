import { usualAuthPath } from "./auth-path.ts";
import type { PageSession, PageState, SessionAnswer } from "./page-session.ts";
import { openTabs, type Tabs } from "./tabs.ts";

export interface PageOptions<Data = unknown> {
  /** Where the server's routes are, with the app's path prefix. Default: `/auth`, in Next below its `basePath`. */
  readonly authPath?: string | undefined;
  /** What the server's `publicSession()` gave to this page: it needs not ask then. */
  readonly initial?: SessionAnswer<Data> | undefined;
}

export interface PageLoginOptions {
  /** Where the login leads back to. Default: this page. */
  readonly returnTo?: string | undefined;
  /** The key of the provider, where the app has several. */
  readonly provider?: string | undefined;
}

export interface LogoutOptions {
  /** Where this page goes then; `false`: nowhere. Default: what stands before the last part of `authPath`, the root of the app. */
  readonly returnTo?: string | false | undefined;
}

/** What a page may ask of its login. */
export interface PageAuth<Data = unknown> {
  /** What is known now, without asking. */
  readonly state: PageState<Data>;
  /** Returns the session, asked for once, or `null` when nobody is logged in. Rejects while the server is away. */
  session(): Promise<PageSession<Data> | null>;
  /** Asks the server again. Never rejects. */
  reload(): Promise<void>;
  /** Calls `listener` after each change, also by another tab, and after the window got the focus; returns what ends it. */
  subscribe(listener: () => void): () => void;
  /** Leaves the page for the login. */
  login(options?: PageLoginOptions): void;
  /** Ends the session, here and in the other tabs. Rejects where the server does not. */
  logout(options?: LogoutOptions): Promise<void>;
  /**
   * The page's `fetch`. Where a route of this origin wants a login, or a permission that a visit asks for, and somebody has
   * just clicked for what is only read, the page goes there; the answer is returned in any case.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

const loading: PageState<never> = { status: "loading", session: null };
const loggedOut: PageState<never> = { status: "loggedOut", session: null };

/**
 * Makes the page's side of a login. Asks nothing before it is asked.
 *
 * @example
 * const auth = pixy<{ name: string }>();
 * auth.subscribe(() => show(auth.state.session?.data?.name ?? "Log in"));
 */
export function pixy<Data = unknown>({ authPath = usualAuthPath(), initial }: PageOptions<Data> = {}): PageAuth<Data> {
  const channel = `pixy ${authPath}`;
  const listeners = new Set<() => void>();
  let state: PageState<Data> = initial === undefined ? loading : stateOf(initial);
  let asking: Promise<void> | null = null;
  let isStale = false;
  let tabs: Tabs | null = null;

  /** `told` is whose session the other tabs have heard of from this one. */
  function become(next: PageState<Data>, told: string | null | undefined = idOf(state)): void {
    const isSame = next.status === state.status && JSON.stringify(next.session) === JSON.stringify(state.session);
    if (!isSame) state = next;
    if (next.status !== "unavailable" && told !== idOf(next)) tabs?.tell(idOf(next) ?? null);
    if (!isSame) for (const listener of listeners) listener();
  }

  async function ask(): Promise<void> {
    try {
      const answer = await fetch(`${authPath}/session`, { headers: { accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) throw answer;
      become(stateOf(await answer.json()));
    } catch {
      become({ status: "unavailable", session: state.session });
    }
  }

  /** One request at a time; who asks while one is on its way wants what is true after it. */
  function reload(): Promise<void> {
    isStale = asking !== null;
    asking ??= ask().finally(() => {
      asking = null;
      if (isStale) return reload();
    });
    return asking;
  }

  const whenSeen = () => {
    if (document.visibilityState === "visible" && asking === null) void reload();
  };

  function go(path: string): void {
    location.assign(path);
  }

  const auth: PageAuth<Data> = {
    get state() {
      return state;
    },
    async session() {
      if (state.status === "loading" || state.status === "unavailable") await reload();
      if (state.status === "unavailable") throw new Error("The server cannot say who is logged in at the moment.");
      return state.session;
    },
    reload,
    subscribe(listener) {
      if (listeners.size === 0) {
        tabs = openTabs(channel, (id) => {
          if (id !== idOf(state)) void reload();
        });
        if (state === loading) void reload();
        else tabs.tell(idOf(state) ?? null);
        addEventListener("focus", whenSeen);
        document.addEventListener("visibilitychange", whenSeen);
      }
      listeners.add(listener);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        tabs?.close();
        tabs = null;
        removeEventListener("focus", whenSeen);
        document.removeEventListener("visibilitychange", whenSeen);
      };
    },
    login({ returnTo = here(), provider } = {}) {
      go(`${authPath}/login?${new URLSearchParams({ returnTo, ...(provider && { provider }) })}`);
    },
    async logout({ returnTo = authPath.replace(/[^/]*$/, "") } = {}) {
      // Where it leads to is not followed: that page may be another origin's.
      const answer = await fetch(`${authPath}/logout`, { method: "POST", redirect: "manual" });
      if (answer.type !== "opaqueredirect" && !answer.ok) {
        throw new Error(`The logout was answered with ${answer.status}.`);
      }
      const telling = tabs ?? openTabs(channel, () => {});
      telling.tell(null);
      if (tabs === null) telling.close();
      become(loggedOut, null);
      if (returnTo !== false) go(returnTo);
    },
    async fetch(input, init) {
      const request = new Request(input, init);
      const answer = await fetch(request);
      const isOurs = new URL(request.url).origin === location.origin;
      if (!isOurs || (answer.status !== 401 && answer.status !== 403)) return answer;
      const refusal: Refusal =
        (await answer
          .clone()
          .json()
          .catch(() => null)) ?? {};
      // Whatever a route writes, the answer is returned.
      const [loginUrl, stepUpUrl] = [textOf(refusal.loginUrl), textOf(refusal.stepUpUrl)];
      const mayLeave = request.method === "GET" && navigator.userActivation?.isActive;
      // A route that passes on what others wrote leads nobody out of the app.
      const isLogin = loginUrl?.startsWith(`${authPath}/login`);
      if (isLogin && !mayLeave) void reload();
      else if (isLogin)
        go(`${loginUrl}${loginUrl?.includes("?") ? "&" : "?"}${new URLSearchParams({ returnTo: here() })}`);
      else if (mayLeave && stepUpUrl && URL.canParse(stepUpUrl, location.href)) {
        if (new URL(stepUpUrl, location.href).origin === location.origin) go(stepUpUrl);
      }
      return answer;
    },
  };
  return auth;
}

/** What the server's guard says where it refuses. */
interface Refusal {
  readonly loginUrl?: unknown;
  readonly stepUpUrl?: unknown;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function stateOf<Data>(answer: SessionAnswer<Data>): PageState<Data> {
  return answer.loggedIn ? { status: "loggedIn", session: answer } : loggedOut;
}

/** `undefined` as long as nothing is known. */
function idOf(state: PageState): string | null | undefined {
  return state.status === "loading" ? undefined : (state.session?.id ?? null);
}

/** This page, without what an earlier login said. */
function here(): string {
  const { pathname, search, hash } = location;
  // Cut as text: a `URLSearchParams` would write the rest anew, "%20" as "+" and a flag as "flag=".
  const kept = search
    .slice(1)
    .split("&")
    .filter((pair) => !pair.startsWith("auth_error="));
  const query = kept.join("&");
  // A return path has no backslash; behind the path it means the same encoded.
  return (pathname + (query && `?${query}`) + hash).replaceAll("\\", "%5C");
}
