import type { Acquired, AcquireOptions, CommitResult, Intent, ReleaseOptions, StoredRecord } from "./record-store.ts";

/** What a store keeps under one key. Moments are milliseconds of the store's own clock. */
export interface RecordState {
  /** `null` for a record that has ended, and for one that was deleted. */
  readonly sealed: string | null;
  /** The fence of the newest commit; 0 in a new generation. */
  readonly fence: number;
  /** Fences up to this one belong to earlier generations. */
  readonly start: number;
  /** The highest fence handed out or committed. */
  readonly issued: number;
  readonly ended: boolean;
  /** Nothing but the fences of what stood here is remembered. */
  readonly deleted: boolean;
  readonly lease: { readonly fence: number; readonly until: number } | null;
  readonly intents: readonly { readonly fence: number; readonly until: number }[];
  readonly pauseUntil: number;
  readonly note: string | null;
  readonly expiresAt: number;
}

/** A method of `RecordStore` with its parameters after the key. */
export type Operation =
  | readonly [name: "create" | "replace", sealed: string, ttlMs: number]
  | readonly [name: "read" | "delete"]
  | readonly [name: "acquire", options: AcquireOptions]
  | readonly [name: "commit", fence: number, sealed: string, ttlMs: number]
  | readonly [name: "end", fence: number, ttlMs: number]
  | readonly [name: "release", fence: number, options?: ReleaseOptions | undefined]
  | readonly [name: "touch", ttlMs: number];

/** The record after an operation, `null` where nothing is left of it and the same one where nothing changed, and the answer. */
export type Step = readonly [record: RecordState | null, answer: unknown];

/** Milliseconds for which a deleted record's fences are remembered, so that no late write takes a new one for its own. */
const memoryOfFencesMs = 60_000;

/**
 * Takes one step of a record's life. Pure, and the one definition that every store keeps: memory and Durable Objects call
 * it, Redis has it in Lua, and `describeStore` holds all of them to it.
 */
export function step(known: RecordState | null, operation: Operation, now: number): Step {
  const kept = known && known.expiresAt > now ? known : null;
  const record = kept?.deleted ? null : kept;
  switch (operation[0]) {
    case "create":
      // The same one once more: its first answer was lost.
      if (record) return [record, record.fence === 0 && record.sealed === operation[1] ? "created" : "exists"];
      return [begun(kept, operation[1], now, operation[2]), "created"];
    case "replace":
      return [begun(kept, operation[1], now, operation[2]), null];
    case "delete":
      return [record ? forgotten(record, now) : kept, record && viewOf(record, now)];
    case "read":
      return [kept, record && viewOf(record, now)];
    case "touch":
      // What has ended is remembered no longer for being asked for.
      return [record && !record.ended ? { ...record, expiresAt: now + operation[1] } : kept, null];
    case "acquire":
      return record ? acquire(record, operation[1], now) : [kept, { state: "gone" } satisfies Acquired];
    case "commit":
      return write(kept, operation[1], { sealed: operation[2], ended: false, expiresAt: now + operation[3] });
    case "end":
      return write(kept, operation[1], { sealed: null, ended: true, expiresAt: now + operation[2] });
    case "release":
      return [record ? released(record, operation[1], operation[2] ?? {}, now) : kept, null];
  }
}

/** A new generation: no fence of what stood here before writes into it. */
function begun(before: RecordState | null, sealed: string, now: number, ttlMs: number): RecordState {
  const start = before === null ? Math.floor(now) : Math.max(before.issued, Math.floor(now));
  return { ...emptyRecord, sealed, start, issued: start, expiresAt: now + ttlMs };
}

/** A record of which nothing is known. */
export const emptyRecord: RecordState = {
  ...{ sealed: null, fence: 0, start: 0, issued: 0, ended: false, deleted: false, lease: null },
  ...{ intents: [], pauseUntil: 0, note: null, expiresAt: 0 },
};

/** What is remembered of a deleted record: nothing where no fence was handed out and the time is past those of before. */
function forgotten({ start, issued }: RecordState, now: number): RecordState | null {
  return issued === start && start <= Math.floor(now)
    ? null
    : { ...emptyRecord, start: issued, issued, deleted: true, expiresAt: now + memoryOfFencesMs };
}

function acquire(record: RecordState, options: AcquireOptions, now: number): readonly [RecordState, Acquired] {
  if (record.lease && record.lease.until > now) {
    return [record, { state: "held", remaining: record.lease.until - now }];
  }
  // The time, because fences then grow even where what stood here before was forgotten.
  const fence = Math.max(record.issued + 1, Math.floor(now));
  const intent = { fence, until: now + options.intent };
  return [
    {
      ...record,
      issued: fence,
      lease: { fence, until: now + options.lease },
      intents: [...record.intents.filter(({ until }) => until > now), intent],
      expiresAt: Math.max(record.expiresAt, intent.until),
    },
    { state: "acquired", fence, stored: viewOf(record, now) },
  ];
}

type Written = Pick<RecordState, "sealed" | "ended" | "expiresAt">;

function write(
  record: RecordState | null,
  fence: number,
  written: Written,
): readonly [RecordState | null, CommitResult] {
  if (!record || record.deleted || fence <= record.start) return [record, "gone"];
  const rest = settled(record, fence);
  // The same write once more: its first answer was lost.
  if (fence === record.fence && written.sealed === record.sealed) return [rest, "committed"];
  if (fence <= record.fence) return [rest, "superseded"];
  const issued = Math.max(record.issued, fence);
  return [{ ...rest, ...written, fence, issued, pauseUntil: 0, note: null }, "committed"];
}

function released(record: RecordState, fence: number, options: ReleaseOptions, now: number): RecordState {
  if (fence <= record.start) return record;
  const rest = settled(record, fence);
  // A newer write stands: what a late holder ran into says nothing about it.
  if (fence < record.fence) return rest;
  const pauseUntil = options.pause === undefined ? rest.pauseUntil : now + options.pause;
  const note = options.note ?? rest.note;
  return { ...rest, pauseUntil, note, expiresAt: Math.max(rest.expiresAt, pauseUntil) };
}

/** Gives up the lease and the intent of `fence`: its token request has reported back. */
function settled(record: RecordState, fence: number): RecordState {
  return {
    ...record,
    lease: record.lease?.fence === fence ? null : record.lease,
    intents: record.intents.filter((intent) => intent.fence !== fence),
  };
}

/** What a record says at `now`. */
export function viewOf(record: RecordState, now: number): StoredRecord {
  const intents: Intent[] = record.intents
    .filter(({ until }) => until > now)
    .map(({ fence, until }) => ({ fence, remaining: until - now }));
  const { sealed, fence, ended, note = null } = record;
  return { sealed, fence, ended, pause: Math.max(0, record.pauseUntil - now), note, intents };
}
