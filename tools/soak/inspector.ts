import type { Hop, Page } from "@pixy/testing";
import type { Disturbances } from "./disturbances.ts";
import { createLatency, type Latency } from "./latency.ts";
import type { WitnessedLogin } from "./witness.ts";

/** One request of a visitor, with what may come of it. */
export interface Visit {
  readonly path: string;
  readonly page: Page;
  /** When it was sent; milliseconds since 1970. */
  readonly from: number;
  /** Whose login the browser holds; null for nobody's. */
  readonly login: WitnessedLogin | null;
  /** A logout is under way: nobody is right too. */
  readonly orNobody?: boolean;
  /** A login is under way: nobody and the next one are right too. */
  readonly orAnybody?: boolean;
}

export interface Failure {
  readonly what: string;
  readonly detail: string;
}

const counters = [
  "logins",
  "logouts",
  "oldCookies",
  "unwantedLogouts",
  "excusedLogouts",
  "overtaken",
  "unavailable",
] as const;
type Counter = (typeof counters)[number];

export interface Inspector {
  readonly counts: Readonly<Record<Counter, number>>;
  readonly statuses: ReadonlyMap<string, number>;
  readonly failures: readonly Failure[];
  readonly failureCount: number;
  readonly latency: Latency;
  /** The latency since it was last cleared. */
  readonly recent: Latency;
  /** Looks at everything that one answer must hold. */
  inspect(visit: Visit): void;
  /** Looks at what holds for any answer of the app. */
  inspectHop(hop: Hop, from: number): void;
  /** A login that did not come about: right only while something was wrong. */
  expectTrouble(page: Page, login: WitnessedLogin | null, from: number, what: string): void;
  belongsTo(login: WitnessedLogin, person: string): void;
  personOf(login: WitnessedLogin): string | undefined;
  /** Whether a login was found to be over. */
  isLost(login: WitnessedLogin): boolean;
  /** An answer of another tab put the cookie of the session before in the place of this login's: no server can help it. */
  overtake(login: WitnessedLogin): void;
  count(counter: Counter): void;
  fail(what: string, page: Page | Hop, login: WitnessedLogin | null): void;
  failRequest(error: unknown): void;
}

/** Milliseconds for which the app may pause after a failure, ten seconds by its contract, and a little. */
const longestPause = 12_000;
const keptFailures = 30;

export function createInspector(disturbances: Disturbances): Inspector {
  const counts = Object.fromEntries(counters.map((name) => [name, 0])) as Record<Counter, number>;
  const statuses = new Map<string, number>();
  const failures: Failure[] = [];
  const personByLogin = new Map<string, string>();
  const lost = new Set<string>();
  const latency = createLatency();
  const recent = createLatency();
  let failureCount = 0;

  function fail(what: string, page: Page | Hop, login: WitnessedLogin | null): void {
    failureCount += 1;
    if (failures.length >= keptFailures) return;
    const { method, url, status } = page;
    const body = "body" in page ? page.body.replace(/<style>.*?<\/style>/s, "").slice(0, 600) : "";
    const history = login === null ? "" : ` | ${login.id}: ${login.history.join("; ")}`;
    const cookies = page.setCookies.map((line) => line.slice(0, 40)).join(", ");
    const when = new Date().toISOString().slice(14, 23);
    failures.push({ what, detail: `${when} ${method} ${url} ${status} [${cookies}] ${body}${history}` });
  }

  function inspectHop(hop: Hop, from: number): void {
    const { pathname } = new URL(hop.url);
    const name = `${pathname} ${hop.status}`;
    statuses.set(name, (statuses.get(name) ?? 0) + 1);
    const isPublic = pathname === "/public";
    if (isPublic && hop.setCookies.length > 0) fail("a cookie on /public", hop, null);
    const cacheControl = hop.headers.get("cache-control") ?? "";
    if (!isPublic && !(cacheControl.includes("private") && cacheControl.includes("no-store"))) {
      // An error of the app itself, such as a 502 for the API, has read the session too.
      fail("an answer that a cache may keep", hop, null);
    }
    for (const line of hop.setCookies) if (!/;\s*httponly/i.test(line)) fail("a cookie without HttpOnly", hop, null);
    if (hop.status === 503) {
      counts.unavailable += 1;
      if (!(Number(hop.headers.get("retry-after")) > 0)) fail("a 503 without Retry-After", hop, null);
      return;
    }
    const allowed = pathname === "/auth/callback" ? [303] : [200, 302, 303, 307, 401, 403];
    const apiDown = (hop.status === 502 || hop.status === 429) && disturbances.provider(from, Date.now());
    // A component cannot choose a status: what it throws is a 500 to Next.
    const pageDown = pathname === "/" && hop.status === 500 && disturbances.store(from, Date.now());
    if (!allowed.includes(hop.status) && !apiDown && !pageDown) fail(`an unexpected status ${hop.status}`, hop, null);
  }

  /** 503 is right while something is wrong, or was within the longest pause. */
  function isTroubled(login: WitnessedLogin | null, from: number): boolean {
    if (disturbances.store(from, Date.now())) return true;
    return login !== null && login.troubledAt + longestPause >= from;
  }

  function inspectSignedIn(visit: Visit, login: WitnessedLogin): void {
    const { page, path, from } = visit;
    const { pathname } = new URL(path, page.url);
    if (page.status === 503) {
      if (!isTroubled(login, from)) fail("a 503 although nothing is wrong", page, login);
      return;
    }
    if (page.status === 502 || page.status === 429) return;
    if (pathname === "/" && page.status === 500 && disturbances.store(from, Date.now())) return;
    const isNobody =
      page.status === 401 ||
      (pathname === "/auth/session" && !page.body.includes('"loggedIn":true')) ||
      (pathname === "/" && page.status === 200 && page.body.includes("Log in"));
    if (isNobody) {
      if (visit.orNobody || visit.orAnybody) return;
      if (!lost.has(login.id)) counts[login.excused ? "excusedLogouts" : "unwantedLogouts"] += 1;
      lost.add(login.id);
      if (!login.excused) fail("an unwanted logout", page, login);
      return;
    }
    if (pathname === "/playlists" && page.status === 403) return;
    if (page.status !== 200) {
      fail(`an unexpected status ${page.status}`, page, login);
      return;
    }
    const person = personByLogin.get(login.id);
    if (pathname === "/me" || pathname === "/slow") {
      const body = page.json() as { login?: string; display_name?: string };
      if (body.login !== login.id && !visit.orAnybody) fail(`somebody else's login (${body.login})`, page, login);
      if (body.display_name !== person && !visit.orAnybody) fail("somebody else's name", page, login);
    }
    if (pathname === "/" && person !== undefined && !page.body.includes(person))
      fail("a page without its person", page, login);
  }

  function inspectSignedOut({ page, path, from }: Visit): void {
    const { pathname } = new URL(path, page.url);
    if (page.status === 503 && !disturbances.store(from, Date.now())) {
      fail("a 503 for nobody although the store is there", page, null);
    }
    const guarded = pathname === "/me" || pathname === "/playlists" || pathname === "/slow";
    if (guarded && page.status !== 401 && page.status !== 503) fail("signed in after the logout", page, null);
    if (pathname === "/auth/session" && page.body.includes('"loggedIn":true'))
      fail("signed in after the logout", page, null);
  }

  return {
    counts,
    statuses,
    failures,
    get failureCount() {
      return failureCount;
    },
    latency,
    recent,
    inspect(visit) {
      const { page, path, from, login } = visit;
      const milliseconds = Date.now() - from;
      latency.add(milliseconds);
      recent.add(milliseconds);
      inspectHop(page, from);
      const { pathname } = new URL(path, page.url);
      if (pathname === "/public") {
        if (page.status !== 200) fail("/public is not there", page, login);
      } else if (pathname === "/auth/logout") {
        if (page.status !== 303 && !isTroubled(login, from)) fail("a logout that failed", page, login);
      } else if (login === null) inspectSignedOut(visit);
      else inspectSignedIn(visit, login);
    },
    inspectHop,
    expectTrouble(page, login, from, what) {
      const now = Date.now();
      if (!disturbances.provider(from, now) && !isTroubled(login, from)) fail(`a failed login: ${what}`, page, login);
    },
    belongsTo(login, person) {
      personByLogin.set(login.id, person);
    },
    personOf: (login) => personByLogin.get(login.id),
    overtake(login) {
      counts.overtaken += 1;
      lost.add(login.id);
    },
    isLost: (login) => lost.has(login.id),
    count(counter) {
      counts[counter] += 1;
    },
    fail,
    failRequest(error) {
      failureCount += 1;
      if (failures.length < keptFailures) failures.push({ what: "a request without an answer", detail: String(error) });
    },
  };
}
