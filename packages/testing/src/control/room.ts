import type { AuthorizationServer } from "../provider/authorization-server.ts";
import { pushLatest } from "../state/latest.ts";
import type { Rotation } from "../state/settings.ts";
import { type Entry, type Mood, type Note, timeLine } from "./time-line.ts";
import { createVisitor, type Outcome, type ProgramVisitor, type Visitor, type VisitorState } from "./visitor.ts";

export interface RoomOptions {
  /**
   * The apps on the page, by name. A URL with a path, such as `http://127.0.0.1:3001/me`, is a page behind the app's
   * login: a visitor asks for it. One without is only linked.
   */
  readonly apps?: Readonly<Record<string, string>>;
  /** Programs on the page, by name, with who runs them. Only the visitor's own code says what is run. */
  readonly programs?: Readonly<Record<string, ProgramVisitor>>;
}

/** What became of requests that one visitor sent at once. */
export interface Burst {
  /** Requests, or processes of a program. */
  readonly requests: number;
  readonly tokenRequests: number;
  readonly outcomes: readonly Outcome[];
  readonly state: VisitorState;
}

export interface AppState {
  readonly name: string;
  readonly kind: "app" | "program";
  /** Where a person opens it; null for a program. */
  readonly href: string | null;
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

/** An app or a program on the page; without a visitor it is only linked. */
interface Place extends Pick<AppState, "name" | "kind" | "href"> {
  readonly visitor: Visitor | null;
  readonly most: number;
  owns(redirectUri: string): boolean;
}

export function createRoom(server: AuthorizationServer, { apps = {}, programs = {} }: RoomOptions = {}): Room {
  const places = [...Object.entries(apps).map(placeOfApp), ...Object.entries(programs).map(placeOfProgram)];
  const visited = places.filter((place): place is Visited => place.visitor !== null);
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
    const place = places.find(({ owns }) => owns(redirectUri));
    return place?.name ?? (URL.canParse(redirectUri) ? new URL(redirectUri).origin : redirectUri);
  }

  function refreshesSince(position: number, app: string): number {
    const isTheirs = (uri: string | undefined) => uri !== undefined && appOf(uri) === app;
    const since = server.requests.slice(server.requests.length - (server.counts.requests - position));
    return since.filter(({ grantType, redirectUri }) => grantType === "refresh_token" && isTheirs(redirectUri)).length;
  }

  async function visit({ name, kind, most, visitor }: Visited, count: number): Promise<void> {
    const requests = Math.min(count, most);
    const sent = `${requests} ${kind === "program" ? "processes" : "requests"}`;
    write("done", `${sent} at once`, name);
    const before = server.counts.requests;
    const outcomes = await visitor.requestAtOnce(requests);
    const burst = { requests, tokenRequests: refreshesSince(before, name), outcomes, state: visitor.state };
    bursts.set(name, burst);
    write(
      "outcome",
      `${sent}, ${wordsOf(burst)}`,
      name,
      outcomes.every(({ mood }) => mood === "good") ? "good" : "bad",
    );
  }

  const usualRotation = server.settings.rotation;
  return {
    usualRotation,
    get apps() {
      return places.map(({ name, kind, href, visitor }): AppState => {
        const state = visitor?.state ?? "new";
        return { name, kind, href, visited: visitor !== null, state, burst: bursts.get(name) ?? null };
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
        await Promise.all(visited.map(async ({ visitor }) => (await visitor.look()) === "loggedIn" || visitor.logIn()));
        if (expired) {
          server.revokeAccessTokens();
          write("done", "every access token has died");
        }
        await Promise.all(visited.map((place) => visit(place, count)));
      });
    },
    logOutEverywhere: () =>
      inTurn(async () => {
        write("done", "the visitors log out everywhere");
        await Promise.all(
          visited.map(async ({ name, visitor }) => {
            const state = await visitor.logOut();
            bursts.delete(name);
            write("outcome", words[state], name);
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

interface Visited extends Place {
  readonly visitor: Visitor;
}

function placeOfApp([name, text]: [name: string, url: string]): Place {
  const url = readUrl(name, text);
  const isPage = url.pathname !== "/";
  return {
    ...{ name, kind: "app", href: isPage ? new URL("/", url).href : url.href, most: mostAtOnce },
    visitor: isPage ? createVisitor(url.href) : null,
    owns: (redirectUri) => URL.canParse(redirectUri) && new URL(redirectUri).origin === url.origin,
  };
}

function placeOfProgram([name, visitor]: [name: string, visitor: ProgramVisitor]): Place {
  return { name, kind: "program", href: null, visitor, most: visitor.most, owns: (uri) => visitor.owns(uri) };
}

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

function wordsOf({ tokenRequests, outcomes, state }: Burst): string {
  const answers = outcomes.map(({ status, code, count }) => `${count} × ${[status, code].filter(Boolean).join(" ")}`);
  const sent = `${tokenRequests} token ${tokenRequests === 1 ? "request" : "requests"}`;
  return `${sent}: ${answers.join(", ")}; ${words[state]}`;
}
