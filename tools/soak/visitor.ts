import { createUserAgent, type Page, people, type UserAgent } from "@pixy/testing";
import type { Chance } from "./chance.ts";
import { pass } from "./disturbances.ts";
import type { Inspector, Visit } from "./inspector.ts";
import type { Witness, WitnessedLogin } from "./witness.ts";

type Name = "ada" | "grace";

/** Cookies that somebody kept, as a second window does that was left alone. */
interface OldWindow {
  readonly agent: UserAgent;
  readonly login: WitnessedLogin;
  readonly at: number;
}

interface State {
  agent: UserAgent;
  login: WitnessedLogin | null;
  old: OldWindow | null;
}

export interface VisitorOptions {
  readonly url: string;
  readonly witness: Witness;
  readonly inspector: Inspector;
  readonly chance: Chance;
  /** Milliseconds between two things that a person does, at most. */
  readonly pause: number;
}

/** Milliseconds within which cookies from before a refresh have to work. */
const oldCookiesWork = 55_000;

/** Milliseconds after which an answer does not come any more: more than any pause that the app may make. */
const longestAnswer = 45_000;

async function inTime<Value>(answer: Promise<Value>, path: string): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${path} was not answered within 45 s.`)), longestAnswer);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}

/** One person after the other at one browser, until the signal; each thing done is over before the next begins. */
export async function runVisitor(options: VisitorOptions, signal: AbortSignal): Promise<void> {
  const { chance, inspector, witness, url } = options;
  const state: State = { agent: createUserAgent(), login: null, old: null };
  const at = (path: string): string => url + path;

  /** Makes one request and has its answer looked at. */
  async function request(
    path: string,
    visit: Omit<Visit, "path" | "from" | "page"> & { readonly kind?: "call" | "navigate" | "logout" },
    agent: UserAgent = state.agent,
  ): Promise<Page> {
    const from = Date.now();
    const { kind = "call" } = visit;
    const asked =
      kind === "logout" ? agent.submit(at(path), {}, { follow: false }) : agent[kind](at(path), { follow: false });
    const page = await inTime(asked, path);
    inspector.inspect({ ...visit, path, from, page });
    return page;
  }

  const look = (path = "/me", agent: UserAgent = state.agent): Promise<Page> =>
    request(path, { login: state.login }, agent);

  /** Goes to the provider and comes back as this person, or not, when something was wrong on the way. */
  async function logIn(path: string, person: Name | "deny"): Promise<void> {
    const from = Date.now();
    const page = await inTime(state.agent.login(at(path), { person }), path);
    takeCallbacks(page, person, from);
    // A page that needs more than the first login gave asks for it at once.
    if (page.url.startsWith(witness.url)) {
      takeCallbacks(await inTime(state.agent.login(page.url, { person }), page.url), person, from);
    }
  }

  function takeCallbacks(page: Page, person: Name | "deny", from: number): void {
    const before = state.login;
    const hops = page.hops.filter((hop) => hop.url.startsWith(at("/")));
    for (const hop of hops) inspector.inspectHop(hop, from);
    const callback = hops.find((hop) => new URL(hop.url).pathname === "/auth/callback");
    if (callback === undefined) {
      // Who has the scope already is not asked.
      if (page.status !== 200) inspector.expectTrouble(page, before, from, "no callback");
      return;
    }
    const code = new URL(callback.url).searchParams.get("code");
    if (code === null) return;
    const login = witness.byCode(code);
    if (callback.status !== 303) {
      inspector.expectTrouble(page, login ?? before, from, `callback ${callback.status}`);
      return;
    }
    if (login === undefined) {
      inspector.fail("a login without an exchange", page, null);
      return;
    }
    inspector.count("logins");
    inspector.belongsTo(login, person === "grace" ? people.grace.displayName : people.ada.displayName);
    state.login = login;
    state.old = null;
  }

  async function logOut(): Promise<void> {
    const { login } = state;
    const other = await state.agent.clone();
    const late = chance.happens(0.5) ? [1, 2].map(() => request("/slow?ms=150", { login, orNobody: true })) : [];
    // The form stands on the start page; a browser says where a form comes from.
    await request("/", { kind: "navigate", login });
    const answer = await request("/auth/logout", { kind: "logout", login: null });
    await Promise.all(late);
    if (answer.status !== 303) {
      // A store that was away may still do what it was asked: nobody knows, so another browser goes on.
      state.agent = createUserAgent();
      state.login = null;
      state.old = null;
      return;
    }
    inspector.count("logouts");
    state.login = null;
    state.old = null;
    await look();
    await look("/me", other);
  }

  async function severalTabs(): Promise<void> {
    const paths = ["/me", "/me", "/", "/auth/session", "/public", "/playlists", "/slow?ms=60", "/slow?ms=400"];
    const count = chance.between(2, 6);
    await Promise.all(Array.from({ length: count }, () => look(chance.pick(paths))));
  }

  /** Another tab is busy while the session is replaced, by a step-up or by somebody else. */
  async function logInMeanwhile(path: string, person: Name): Promise<void> {
    const before = state.login;
    let busy = true;
    let lastCookieAt = 0;
    const other = (async () => {
      while (busy) {
        const page = await request("/me", { login: before, orAnybody: true });
        if (page.setCookies.length > 0) lastCookieAt = Date.now();
        await pass(chance.between(1, 20), signal);
      }
    })();
    await logIn(path, person);
    busy = false;
    await other;
    const { login } = state;
    // The other tab's answer was under way with the cookie of before, and put it in the new one's place.
    const mayBeOvertaken = login !== null && login !== before && lastCookieAt >= login.exchangedAt;
    const page = await request("/me", mayBeOvertaken ? { login, orAnybody: true } : { login });
    if (mayBeOvertaken && page.status === 401) inspector.overtake(login);
  }

  async function useOldWindow(): Promise<void> {
    const { old, login } = state;
    if (old === null || Date.now() - old.at > oldCookiesWork) {
      if (login) state.old = { agent: await state.agent.clone(), login, at: Date.now() };
      return;
    }
    inspector.count("oldCookies");
    await request("/me", { login: old.login }, old.agent);
    // Its cookies are new now.
    if (chance.happens(0.5)) state.old = null;
  }

  function personOf(login: WitnessedLogin): Name {
    return inspector.personOf(login) === people.grace.displayName ? "grace" : "ada";
  }

  async function actSignedIn(login: WitnessedLogin): Promise<void> {
    const dice = chance.next();
    if (dice < 0.36) await look(chance.pick(["/me", "/", "/auth/session", "/playlists"]));
    else if (dice < 0.62) await severalTabs();
    else if (dice < 0.8) await useOldWindow();
    else if (dice < 0.84) await logIn("/playlists", personOf(login));
    else if (dice < 0.86) await logInMeanwhile("/playlists", personOf(login));
    else if (dice < 0.88) await logInMeanwhile("/auth/login?returnTo=/me", chance.pick(["ada", "grace"]));
    else if (dice < 0.9) await logIn("/auth/login?returnTo=/me", chance.pick(["ada", "grace"]));
    else if (dice < 0.91) await logIn("/auth/login?returnTo=/", "deny");
    else if (dice < 0.95) await logOut();
    // Long enough for the access token to end.
    else await pass(chance.between(1_000, 8_000), signal);
  }

  while (!signal.aborted) {
    try {
      if (state.login === null) {
        if (chance.happens(0.2)) await severalTabs();
        const path = chance.pick(["/me", "/auth/login?returnTo=/me", "/playlists", "/auth/login"]);
        await logIn(path, chance.pick(["ada", "grace"]));
      } else {
        await actSignedIn(state.login);
      }
    } catch (error) {
      if (!signal.aborted) inspector.failRequest(error);
    }
    if (state.login && inspector.isLost(state.login)) state.login = null;
    await pass(chance.between(options.pause / 10, options.pause), signal);
  }
}
