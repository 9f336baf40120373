import type { RecordedRequest } from "../state/recorded-request.ts";

export type Mood = "good" | "bad" | "plain";

/** One line of the time line: what was done here, or requests of one kind that an app sent and that got one answer. */
export interface Entry {
  /** Where it stands among the server's requests: the same as long as the entry is there. */
  readonly key: string;
  /** Milliseconds since the Unix epoch, by the server's clock. */
  readonly at: number;
  readonly what: "done" | "outcome" | "token" | "api" | "login" | "other";
  /** The app whose login it belongs to; null where nothing shows one. */
  readonly app: string | null;
  readonly text: string;
  readonly count: number;
  readonly mood: Mood;
}

/** What somebody did here, and how it went. */
export interface Note {
  /** How many requests the server had seen before. */
  readonly position: number;
  readonly at: number;
  readonly what: "done" | "outcome";
  readonly app: string | null;
  readonly text: string;
  readonly mood: Mood;
}

/**
 * Returns the time line, the newest entry first; `first` is the position of the first of the requests. Requests of one
 * app that are alike are one entry, until a token request or a note of this app stands between them.
 */
export function timeLine(
  requests: readonly RecordedRequest[],
  first: number,
  notes: readonly Note[],
  appOf: (redirectUri: string) => string,
): Entry[] {
  const entries: Entry[] = [];
  const open = new Map<string, number>();
  let next = 0;

  function takeNotes(position: number): void {
    for (let note = notes[next]; note !== undefined && note.position <= position; note = notes[++next]) {
      const { at, what, app, text, mood } = note;
      close(app);
      entries.push({ key: `note-${note.position}-${next}`, at, what, app, text, count: 1, mood });
    }
  }

  function close(app: string | null): void {
    for (const key of open.keys()) if (app === null || key.startsWith(`${app}\n`)) open.delete(key);
  }

  for (const [index, request] of requests.entries()) {
    takeNotes(first + index);
    const app = request.redirectUri === undefined ? null : appOf(request.redirectUri);
    const entry = { ...describe(request), at: request.at, app };
    const key = `${app}\n${entry.text}\n${entry.mood}`;
    if (entry.what === "token") close(app);
    const at = open.get(key);
    const known = at === undefined ? undefined : entries[at];
    if (at !== undefined && known !== undefined && entry.what !== "token") {
      entries[at] = { ...known, count: known.count + 1 };
    } else {
      open.set(key, entries.length);
      entries.push({ key: `request-${first + index}`, ...entry, count: 1 });
    }
  }
  takeNotes(Number.POSITIVE_INFINITY);
  return entries.reverse();
}

function describe(request: RecordedRequest): Pick<Entry, "what" | "text" | "mood"> {
  const { kind, status, fault, error, grantType } = request;
  const answer = status === undefined ? (fault === undefined ? "under way" : "no answer") : `${status}`;
  const because = error === undefined ? "" : ` ${error}`;
  const spoiled = fault === undefined ? "" : ` (${fault})`;
  const end = `${answer}${because}${spoiled}`;
  const mood = moodOf(request);
  const { pathname } = new URL(request.url);
  if (kind === "token") return { what: "token", text: `token request, ${wordsOf(grantType)}: ${end}`, mood };
  if (kind === "authorize") return { what: "login", text: `login page: ${end}`, mood };
  if (kind === "api") return { what: "api", text: `${request.method} ${pathname}: ${end}`, mood };
  return { what: "other", text: `${request.method} ${pathname}: ${end}`, mood };
}

function wordsOf(grantType: string | undefined): string {
  if (grantType === "refresh_token") return "refresh";
  return grantType === "authorization_code" ? "code exchange" : (grantType ?? "without a grant type");
}

/** A 401 of the API is how an app learns that its token has died: nothing is wrong with that. */
function moodOf({ kind, status, fault }: RecordedRequest): Mood {
  if (status === undefined) return fault === undefined ? "plain" : "bad";
  if (status < 400) return "good";
  return kind === "api" && status === 401 ? "plain" : "bad";
}
