import { createUserAgent } from "../browser/user-agent.ts";
import type { Page } from "../browser/visit.ts";

/** An answer that some of the requests got. */
export interface Outcome {
  /** Null where no answer came. */
  readonly status: number | null;
  /** The `code` of a JSON answer, or what went wrong on the way. */
  readonly code: string | null;
  readonly count: number;
  /** `refused`: a login would help. */
  readonly mood: "good" | "refused" | "bad";
}

/** How an app sees its visitor; `new` before the first visit, `unknown` where the app does not answer. */
export type VisitorState = "new" | "loggedIn" | "loggedOut" | "unknown";

/** Somebody who uses an app: Ada, in a browser without a window. */
export interface Visitor {
  /** What the app said last. */
  readonly state: VisitorState;
  /** Asks the app whether the visitor is logged in. */
  look(): Promise<VisitorState>;
  logIn(): Promise<VisitorState>;
  requestAtOnce(count: number): Promise<readonly Outcome[]>;
  logOut(): Promise<VisitorState>;
}

/** Somebody who runs a program on this machine, such as a command line: each request is a process. */
export interface ProgramVisitor extends Visitor {
  /** The largest number of processes at once. */
  readonly most: number;
  /** Whether a login is the program's, by its redirect URI. */
  owns(redirectUri: string): boolean;
}

/** Longer than any app waits for a provider: what takes longer is an answer that never comes. */
const patienceMs = 60_000;

export function createVisitor(url: string): Visitor {
  const browser = createUserAgent();
  let state: VisitorState = "new";
  let routes: Promise<string> | undefined;

  /** The folder of the login's routes, which the answer to somebody without a login names. */
  function route(name: string): Promise<URL> {
    routes ??= createUserAgent().call(url, limited()).then(routesOf);
    routes.catch(() => {
      routes = undefined;
    });
    return routes.then((folder) => new URL(folder + name, url));
  }

  async function look(): Promise<VisitorState> {
    try {
      const answer = (await browser.call(await route("session"), limited())).json();
      state = (answer as { readonly loggedIn?: unknown }).loggedIn === true ? "loggedIn" : "loggedOut";
    } catch {
      state = "unknown";
    }
    return state;
  }

  async function quietly(work: () => Promise<unknown>): Promise<VisitorState> {
    // An app that does not answer is what `look` then says.
    await work().catch(() => null);
    browser.forget();
    return look();
  }

  return {
    get state() {
      return state;
    },
    look,
    logIn: () => quietly(() => browser.login(url, { person: "ada" })),
    async requestAtOnce(count) {
      const requests = Array.from({ length: count }, () => browser.call(url, limited()).then(answered, unanswered));
      const outcomes = countOutcomes(await Promise.all(requests));
      browser.forget();
      await look();
      return outcomes;
    },
    logOut: () => quietly(async () => browser.submit(await route("logout"))),
  };
}

/** Makes one of those that are alike. */
export function countOutcomes(each: readonly Outcome[]): Outcome[] {
  const outcomes = new Map<string, Outcome>();
  for (const outcome of each) {
    const key = `${outcome.status} ${outcome.code}`;
    outcomes.set(key, { ...outcome, count: (outcomes.get(key)?.count ?? 0) + 1 });
  }
  return [...outcomes.values()];
}

function limited(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(patienceMs) };
}

function routesOf(page: Page): string {
  const loginUrl = memberOf(page, "loginUrl") ?? "/auth/login";
  return loginUrl.slice(0, loginUrl.lastIndexOf("/") + 1);
}

function answered(page: Page): Outcome {
  const mood = page.status < 400 ? "good" : page.status < 500 ? "refused" : "bad";
  return { status: page.status, code: mood === "good" ? null : memberOf(page, "code"), count: 1, mood };
}

function unanswered(error: Error & { readonly code?: unknown }): Outcome {
  return { status: null, code: typeof error.code === "string" ? error.code : error.name, count: 1, mood: "bad" };
}

function memberOf({ body }: Page, name: string): string | null {
  try {
    const value = (JSON.parse(body) as Record<string, unknown>)[name];
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
