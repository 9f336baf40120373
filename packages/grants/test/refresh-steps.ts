import { TokenRequestError, type Tokens } from "@pixy/core";
import { expect } from "vitest";
import { memoryStore } from "../src/record/memory-store.ts";
import type { RecordStore, StoredRecord } from "../src/record/record-store.ts";
import { refreshSession } from "../src/refresh/refresh.ts";
import type { RefreshOutcome } from "../src/refresh/refresh-outcome.ts";
import { defaultTiming, type Refreshable, type RefreshWorld } from "../src/refresh/refresh-world.ts";
import { tokensWith } from "./tokens.ts";

// refresh.model.test.ts explores how workers interleave; with this each step meets one answer of its store.
export const seen: Refreshable = { key: "key", fence: 0, tokens: tokensWith() };
export const fence = 3;
export const row: StoredRecord = { fence: 0, sealed: "old", ended: false, pause: 0, note: null, intents: [] };
export const newer: StoredRecord = { ...row, fence: 2, sealed: "newer" };
export const refused: TokenRequestError = new TokenRequestError("The provider says no.", {
  ...{ code: "token_request_refused", outcome: "ended", hint: "Log in again.", error: "invalid_grant" },
} as ConstructorParameters<typeof TokenRequestError>[1]);

/** A refresh of one worker, whose store and provider answer as the test says. */
export interface Steps {
  readonly clock: { at: number };
  readonly waits: number[];
  readonly releases: unknown[];
  readonly orphans: Refreshable[];
  requests(): number;
  refresh(): Promise<RefreshOutcome<Refreshable>>;
}

export function world(store: Partial<RecordStore>, change: Partial<RefreshWorld<Refreshable>> = {}): Steps {
  const clock = { at: 0 };
  const waits: number[] = [];
  const releases: unknown[] = [];
  const orphans: Refreshable[] = [];
  let requests = 0;
  const made: RefreshWorld<Refreshable> = {
    timing: defaultTiming,
    rules: { rotation: "rotating", retryUnknown: false },
    now: () => clock.at,
    usableUntil: () => 0,
    tombstone: 77,
    elapsed: () => clock.at,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      clock.at += milliseconds;
    },
    random: () => 1,
    open: (stored) => ({ ...seen, fence: stored.fence }),
    request: async () => tokensWith({ accessToken: "new" }),
    renew: async (session, tokens, fence) => ({ session: { ...session, tokens, fence }, sealed: "new", ttl: 1 }),
    onCommitFailed: () => expect.unreachable(),
    onOrphaned: (session) => void orphans.push(session),
    ...change,
    store: {
      ...memoryStore({ now: () => clock.at }),
      acquire: () => ({ state: "acquired", fence, stored: row }),
      read: () => row,
      commit: () => "committed",
      release: (_key, _fence, release) => void releases.push(release),
      ...store,
    },
  };
  const request = async (session: Refreshable): Promise<Tokens> => {
    requests++;
    return made.request(session);
  };
  return {
    ...{ clock, waits, releases, orphans },
    requests: () => requests,
    refresh: () => refreshSession({ ...made, request }, seen),
  };
}

/** Answers in turn; the last one stays. */
export function inTurn<Answer>(...answers: Answer[]): () => Answer {
  return () => (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
}

/** A provider that fails so. */
export function says(cause: unknown): Pick<RefreshWorld<Refreshable>, "request"> {
  return { request: () => Promise.reject(cause) };
}
