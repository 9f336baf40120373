import { createGrants, type Grants, type Operation, type RecordState, type RecordStore, step } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { createAuth, fromRequest, issueSession } from "@pixy/server";
import type { SharingTurns } from "./sharing-run.ts";
import { currentActor } from "./turns.ts";
import { secret } from "./web-app.ts";

export type Reader = "session" | "job";

export interface SharingModel {
  readonly readers: readonly Reader[];
  /** Whether the person logs in again meanwhile, and gives more. */
  readonly login?: boolean;
  /** How the grant is ended meanwhile. */
  readonly end?: "end" | "endAll";
  /** How often a process stands still: until others have lost their patience with it, or until its lease has ended. */
  readonly accidents?: { readonly late?: number; readonly expire?: number };
  /** A store with one thing left out, as readers and ends see it, to see that the exploration notices. */
  readonly mutate?: (store: SharedStore) => SharedStore;
}

/** The steps of a store that answers at once. */
export interface SharedStore {
  take<Answer>(key: string, operation: Operation): Answer;
  epochOf(owner: string): number;
}

const owner = "ada";
const subject = "ada-1815";
const origin = "https://app.example";
export const began: number = Date.UTC(2026, 0, 1);

/** What a store holds. */
export class Shelf {
  readonly records: Map<string, RecordState>;
  readonly epochs: Map<string, number>;
  readonly notes: Map<string, string | null>;

  constructor(from?: Shelf) {
    this.records = new Map(from?.records);
    this.epochs = new Map(from?.epochs);
    this.notes = new Map(from?.notes);
  }
}

/** The processes of an app, each with grants of its own on one store; they are made once and meet in one run after another. */
export interface SharingWorld {
  readonly model: SharingModel;
  readonly shelf: Shelf;
  readonly grantKey: string;
  readonly work: ReadonlyMap<string, () => Promise<unknown>>;
}

const turnsOf = () => currentActor()?.turns as SharingTurns | undefined;
const now = () => turnsOf()?.time ?? began;

/** Somebody who has logged in, and whose access token has expired. */
export async function createSharingWorld(model: SharingModel): Promise<SharingWorld> {
  const shelf = new Shelf();
  const grantKey = { known: "" };
  const provider = { ...spotify, revocationEndpoint: `${spotify.issuer}/api/revoke` };
  const grantsOf = (name: string, mutate?: SharingModel["mutate"]): Grants =>
    createGrants({
      ...{ providers: { spotify: { provider, clientId: "client" } }, secret, now, onEvent: () => {} },
      store: storeOf(name, () => turnsOf()?.shelf ?? shelf, grantKey, mutate),
      fetch: (input, init) => (turnsOf() as SharingTurns).fetch(String(input), init),
    });
  const optionsOf = (grants: Grants) => ({
    grants,
    baseUrl: origin,
    now,
    onEvent: () => {},
    owner: () => owner,
    onLogin: () => null,
  });

  const reading = { key: "" };
  const set = grantsOf("set-up", (store) => ({
    ...store,
    take(key, operation) {
      if (operation[0] === "read") reading.key = key;
      return store.take(key, operation);
    },
  }));
  const tokens = { accessToken: "0", refreshToken: "0", expiresIn: 3_600, scope: ["user-read-private"] };
  const lines = await issueSession(optionsOf(set) as never, { tokens, data: null, owner, subject });
  const cookie = lines.map((line) => line.slice(0, line.indexOf(";"))).join("; ");
  await set.has({ owner });
  grantKey.known = reading.key;

  const work = new Map<string, () => Promise<unknown>>();
  for (const [index, reader] of model.readers.entries()) {
    const name = `${reader}${index}`;
    const grants = grantsOf(name, model.mutate);
    if (reader === "job") work.set(name, () => grants.of({ owner }).accessToken());
    else {
      const auth = createAuth<null>(optionsOf(grants));
      work.set(name, async () => {
        const login = await auth.requireLogin(auth.open(fromRequest(new Request(origin, { headers: { cookie } }))));
        if (login instanceof Response) throw await login.json();
        return login.accessToken();
      });
    }
  }
  if (model.login) {
    const grants = grantsOf("login");
    const more = { ...tokens, accessToken: "100", refreshToken: "100", scope: ["user-read-private", "streaming"] };
    work.set("login", () => grants.save({ owner }, more, { subject }));
  }
  if (model.end) {
    const grants = grantsOf("end", model.mutate);
    const end = grants[model.end];
    work.set("end", () => end({ owner }));
  }
  return { model, shelf, grantKey: grantKey.known, work };
}

/** One store as one process sees it. What is asked about the grant waits for its turn; the rest changes nothing for others. */
function storeOf(
  name: string,
  shelfOf: () => Shelf,
  grantKey: { readonly known: string },
  mutate: SharingModel["mutate"] = (store) => store,
): RecordStore {
  const store = mutate({
    take<Answer>(key: string, operation: Operation): Answer {
      const { records } = shelfOf();
      const before = records.get(key) ?? null;
      const [after, answer] = step(before, operation, now());
      if (after === null) records.delete(key);
      else records.set(key, after);
      if (key === grantKey.known) turnsOf()?.hear(operation, before, after);
      return answer as Answer;
    },
    epochOf: (of) => shelfOf().epochs.get(of) ?? 0,
  });
  const inTurn = <T>(label: string, act: () => T): T | Promise<T> => currentActor()?.step(label, act) ?? act();
  const take = <Answer>(key: string, operation: Operation): Answer => {
    const act = () => store.take<Answer>(key, operation);
    // What answers at once answers later, too.
    return key === grantKey.known ? (inTurn(operation[0], act) as Answer) : act();
  };
  return {
    ...{ name, reach: "shared" },
    create: (key, sealed, ttl) => take(key, ["create", sealed, ttl]),
    replace: (key, sealed, ttl) => take(key, ["replace", sealed, ttl]),
    read: (key) => take(key, ["read"]),
    acquire: (key, options) => take(key, ["acquire", options]),
    commit: (key, fence, sealed, ttl) => take(key, ["commit", fence, sealed, ttl]),
    end: (key, fence, ttl) => take(key, ["end", fence, ttl]),
    release: (key, fence, options) => take(key, ["release", fence, options]),
    // Who is in use ends no sooner for being asked for.
    touch() {},
    delete: (key) => take(key, ["delete"]),
    index: {
      add: (key, { owner: of }) => void shelfOf().notes.set(key, of),
      remove: (key) => void shelfOf().notes.delete(key),
      ofOwner: (of) => [...shelfOf().notes].filter(([, noted]) => noted === of).map(([key]) => key),
      dueWithin: () => [],
    },
    epochs: {
      of(of) {
        const act = () => {
          const epoch = store.epochOf(of);
          turnsOf()?.hearEpoch(epoch);
          return epoch;
        };
        return turnsOf()?.endsAll ? inTurn("epoch", act) : act();
      },
      advance: (of) => inTurn("advance", () => (turnsOf() as SharingTurns).advance(of)),
    },
  };
}
