import type { AuthorizationServer } from "../provider/authorization-server.ts";
import { pushLatest } from "../state/latest.ts";
import type { Rotation } from "../state/settings.ts";
import { type Entry, type Mood, type Note, timeLine } from "./time-line.ts";
import { createVisitor, type Outcome, type Visitor, type VisitorState } from "./visitor.ts";

export interface RoomOptions {
  /**
   * The apps on the page, by name. A URL with a path, such as `http://127.0.0.1:3001/me`, is a page behind the app's
   * login: a visitor asks for it. One without is only linked.
   */
  readonly apps?: Readonly<Record<string, string>>;
}

/** What became of requests that one visitor sent at once. */
export interface Burst {
  readonly requests: number;
  readonly tokenRequests: number;
  readonly outcomes: readonly Outcome[];
  readonly state: VisitorState;
}

export interface AppState {
  readonly name: string;
  /** Where a person opens it. */
  readonly href: string;
  /** Whether a visitor can use it. */
  readonly visited: boolean;
  readonly state: VisitorState;
  readonly burst: Burst | null;
}

/** The control page's other side: one visitor per app, what they did, and the time line. */
export interface Room {
  readonly apps: readonly AppState[];
  /** What the server did with refresh tokens before anybody was here. */
  readonly usualRotation: Rotation;
  timeLine(): readonly Entry[];
  /** Lets every visitor who is not logged in log in, and then send so many requests at once, with tokens that have died if told. */
  requestAtOnce(count: number, options: { readonly expired: boolean }): Promise<void>;
  logOutEverywhere(): Promise<void>;
  /** Writes into the time line what a command did to the server. */
  note(command: string, body: Readonly<Record<string, unknown>>): void;
}

const mostNotes = 200;
const mostRequests = 1000;
const mostAtOnce = 200;

export function createRoom(server: AuthorizationServer, { apps = {} }: RoomOptions = {}): Room {
  const addresses = Object.entries(apps).map(([name, url]) => ({ name, url: readUrl(name, url) }));
  const isPage = (url: URL) => url.pathname !== "/";
  const visitors = addresses.filter(({ url }) => isPage(url)).map(({ name, url }) => createVisitor(name, url.href));
  const bursts = new Map<string, Burst>();
  let notes: Note[] = [];
  let work: Promise<unknown> = Promise.resolve();

  function write(what: Note["what"], text: string, app: string | null = null, mood: Mood = "plain"): void {
    pushLatest(notes, { position: server.counts.requests, at: server.clock.now(), what, app, text, mood }, mostNotes);
  }

  /** One thing after the other: two clicks at once would count each other's token requests. */
  function inTurn(next: () => Promise<unknown>): Promise<void> {
    const done = work.then(next).then(() => undefined);
    work = done.catch(() => undefined);
    return done;
  }

  function appOf(redirectUri: string): string {
    const origin = URL.canParse(redirectUri) ? new URL(redirectUri).origin : redirectUri;
    return addresses.find(({ url }) => url.origin === origin)?.name ?? origin;
  }

  function refreshesSince(position: number, app: string): number {
    const isTheirs = (uri: string | undefined) => uri !== undefined && appOf(uri) === app;
    const since = server.requests.slice(server.requests.length - (server.counts.requests - position));
    return since.filter(({ grantType, redirectUri }) => grantType === "refresh_token" && isTheirs(redirectUri)).length;
  }

  async function visit(visitor: Visitor, count: number): Promise<void> {
    const { app } = visitor;
    write("done", `${count} requests at once`, app);
    const before = server.counts.requests;
    const outcomes = await visitor.requestAtOnce(count);
    const burst = { requests: count, tokenRequests: refreshesSince(before, app), outcomes, state: visitor.state };
    bursts.set(app, burst);
    write("outcome", wordsOf(burst), app, outcomes.every(isGood) ? "good" : "bad");
  }

  const usualRotation = server.settings.rotation;
  return {
    usualRotation,
    get apps() {
      return addresses.map(({ name, url }): AppState => {
        const { state = "new" } = visitors.find(({ app }) => app === name) ?? {};
        const href = isPage(url) ? new URL("/", url).href : url.href;
        return { name, href, visited: isPage(url), state, burst: bursts.get(name) ?? null };
      });
    },
    timeLine() {
      const { requests, counts } = server;
      if (notes.some(({ position }) => position > counts.requests)) notes = [];
      const shown = requests.slice(-mostRequests);
      const first = counts.requests - shown.length;
      return timeLine(shown, first, notes, appOf);
    },
    requestAtOnce(count, { expired }) {
      if (!Number.isInteger(count) || count < 1 || count > mostAtOnce) {
        throw new TypeError(`"count" is a whole number from 1 to ${mostAtOnce}, not ${count}.`);
      }
      return inTurn(async () => {
        await Promise.all(visitors.map(async (visitor) => (await visitor.look()) === "loggedIn" || visitor.logIn()));
        if (expired) {
          server.revokeAccessTokens();
          write("done", "every access token has died");
        }
        await Promise.all(visitors.map((visitor) => visit(visitor, count)));
      });
    },
    logOutEverywhere: () =>
      inTurn(async () => {
        write("done", "the visitors log out everywhere");
        await Promise.all(
          visitors.map(async (visitor) => {
            const state = await visitor.logOut();
            bursts.delete(visitor.app);
            write("outcome", words[state], visitor.app);
          }),
        );
      }),
    note(command, body) {
      const text = wordsOfCommand(command, body);
      if (text !== null) write("done", text);
    },
  };
}

const words: Readonly<Record<VisitorState, string>> = {
  new: "nobody was there",
  loggedIn: "logged in",
  loggedOut: "logged out",
  unknown: "the app does not answer",
};

function readUrl(name: string, url: string): URL {
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new TypeError(`The app "${name}" is an http or https URL, such as http://127.0.0.1:3001/me, not "${url}".`);
  }
  return new URL(url);
}

function wordsOfCommand(command: string, body: Readonly<Record<string, unknown>>): string | null {
  const detail = Object.entries(body).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  switch (command) {
    case "fault":
      return `a fault: ${detail.join(", ")}`;
    case "settings":
      return `settings: ${detail.join(", ")}`;
    case "clock":
      return `the clock moves: ${detail.join(", ")}`;
    case "clear-faults":
      return "no faults any more";
    case "revoke-access-tokens":
      return "every access token has died";
    case "revoke-grants":
      return "every login has been taken back at the provider";
    default:
      return null;
  }
}

function isGood({ status }: Outcome): boolean {
  return status !== null && status < 400;
}

function wordsOf({ requests, tokenRequests, outcomes, state }: Burst): string {
  const answers = outcomes.map(({ status, code, count }) => `${count} × ${[status, code].filter(Boolean).join(" ")}`);
  const sent = `${tokenRequests} token ${tokenRequests === 1 ? "request" : "requests"}`;
  return `${requests} requests, ${sent}: ${answers.join(", ")}; ${words[state]}`;
}
