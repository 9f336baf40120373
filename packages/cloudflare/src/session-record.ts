import type {
  Acquired,
  AcquireOptions,
  CommitResult,
  Intent,
  ReleaseOptions,
  RecordStore,
  StoredRecord,
} from "@pixy/grants";

/** What a Durable Object keeps of its session. Moments are milliseconds of the object's own clock. */
export interface SessionRecord {
  readonly sealed: string | null;
  readonly fence: number;
  /** The highest fence handed out or committed. */
  readonly issued: number;
  readonly ended: boolean;
  readonly lease: { readonly fence: number; readonly until: number } | null;
  readonly intents: readonly { readonly fence: number; readonly until: number }[];
  readonly pauseUntil: number;
  readonly failures: number;
  readonly expiresAt: number;
}

/** A method of `RecordStore` with its parameters after the key. */
export type Operation = {
  readonly [Name in OperationName]: readonly [
    name: Name,
    ...parameters: Parameters<RecordStore[Name]> extends [string, ...infer Rest] ? Rest : never,
  ];
}[OperationName];

type OperationName = Exclude<keyof RecordStore, "name" | "scope">;

/** The answer of an operation, and the record after it: `null` when there is none, the same one when nothing changed. */
export interface Step {
  readonly answer: unknown;
  readonly record: SessionRecord | null;
}

/** Takes one step of the store's protocol. Pure: what it returns is what has to be kept. */
export function step(known: SessionRecord | null, operation: Operation, now: number): Step {
  const record = known && known.expiresAt > now ? known : null;
  switch (operation[0]) {
    case "create":
      return { answer: null, record: created(operation[1], now + operation[2]) };
    case "delete":
      return { answer: null, record: null };
    case "read":
      return { answer: record && view(record, now), record };
    case "acquire":
      return acquire(record, operation[1], now);
    case "commit":
      return write(record, operation[1], { sealed: operation[2], ended: false, expiresAt: now + operation[3] });
    case "end":
      return write(record, operation[1], { sealed: null, ended: true, expiresAt: now + operation[2] });
    case "release":
      return { answer: null, record: record && released(record, operation[1], operation[2] ?? {}, now) };
    case "touch":
      // What has ended is remembered no longer for being asked for.
      return { answer: null, record: record && (record.ended ? record : { ...record, expiresAt: now + operation[1] }) };
  }
}

function created(sealed: string, expiresAt: number): SessionRecord {
  return {
    sealed,
    fence: 0,
    issued: 0,
    ended: false,
    lease: null,
    intents: [],
    pauseUntil: 0,
    failures: 0,
    expiresAt,
  };
}

function acquire(record: SessionRecord | null, options: AcquireOptions, now: number): Step {
  const answered = (answer: Acquired, next: SessionRecord | null): Step => ({ answer, record: next });
  if (!record) return answered({ state: "gone" }, null);
  if (record.lease && record.lease.until > now) {
    return answered({ state: "held", remaining: record.lease.until - now }, record);
  }
  const fence = record.issued + 1;
  const intent = { fence, until: now + options.intent };
  return answered(
    { state: "acquired", fence, stored: view(record, now) },
    {
      ...record,
      issued: fence,
      lease: { fence, until: now + options.lease },
      intents: [...record.intents.filter(({ until }) => until > now), intent],
      expiresAt: Math.max(record.expiresAt, intent.until),
    },
  );
}

type Written = Pick<SessionRecord, "sealed" | "ended" | "expiresAt">;

function write(record: SessionRecord | null, fence: number, written: Written): Step {
  const answered = (answer: CommitResult, next: SessionRecord | null): Step => ({ answer, record: next });
  if (!record) return answered("gone", null);
  const rest = settled(record, fence);
  // The same write once more: its first answer was lost.
  if (fence === record.fence && written.sealed === record.sealed) return answered("committed", rest);
  if (fence <= record.fence) return answered("superseded", rest);
  const issued = Math.max(record.issued, fence);
  return answered("committed", { ...rest, ...written, fence, issued, pauseUntil: 0, failures: 0 });
}

function released(record: SessionRecord, fence: number, options: ReleaseOptions, now: number): SessionRecord {
  const rest = settled(record, fence);
  if (fence < record.fence) return rest;
  const pauseUntil = options.pause === undefined ? rest.pauseUntil : now + options.pause;
  return {
    ...rest,
    pauseUntil,
    failures: options.failures ?? rest.failures,
    expiresAt: Math.max(rest.expiresAt, pauseUntil),
  };
}

function settled(record: SessionRecord, fence: number): SessionRecord {
  return {
    ...record,
    lease: record.lease?.fence === fence ? null : record.lease,
    intents: record.intents.filter((intent) => intent.fence !== fence),
  };
}

function view(record: SessionRecord, now: number): StoredRecord {
  const intents: Intent[] = record.intents
    .filter(({ until }) => until > now)
    .map(({ fence, until }) => ({ fence, remaining: until - now }));
  const { sealed, fence, ended, failures } = record;
  return { sealed, fence, ended, pause: Math.max(0, record.pauseUntil - now), failures, intents };
}
