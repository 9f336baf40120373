import { createTokens, TokenRequestError } from "@pixy/core";
import type { Acquired, CommitResult, MaybePromise, StoredRecord } from "../src/record/record-store.ts";
import { type Operation, type RecordState, step as stepOf } from "../src/record/step.ts";
import { refreshSession } from "../src/refresh/refresh.ts";
import type { RefreshOutcome } from "../src/refresh/refresh-outcome.ts";
import { defaultTiming, type Refreshable, type RefreshStore, type RefreshWorld } from "../src/refresh/refresh-world.ts";
import { type UpdateOutcome, updateSession } from "../src/refresh/update.ts";
import type { Choose, Run } from "./explore.ts";

/** How the provider treats a refresh token that was used; the words of the test provider, one state for one grant. */
export type ProviderMode = "reusable" | "rotate" | "strict" | "grace";

/** How often each accident may happen in one run. */
export interface Accidents {
  /** The lease ends while its holder still works. */
  readonly expire?: number;
  /** A request or its answer is lost. */
  readonly lost?: number;
  /** A worker stops for ever. */
  readonly crash?: number;
  /** A step of the store fails, before it took effect or after. */
  readonly store?: number;
  /** Somebody logs out, or ends the grant. */
  readonly logout?: number;
  /** A new grant is saved under the same key. */
  readonly replace?: number;
}

/** The steps of a store that answers at once. */
export interface ModelStore extends RefreshStore {
  read(key: string): StoredRecord | null;
  acquire(...given: Parameters<RefreshStore["acquire"]>): Acquired;
  commit(...given: Parameters<RefreshStore["commit"]>): CommitResult;
  end(...given: Parameters<RefreshStore["end"]>): CommitResult;
  release(...given: Parameters<RefreshStore["release"]>): void;
}

export interface Model {
  readonly workers: number;
  /** How many more change the session's data. */
  readonly updates?: number;
  readonly mode: ProviderMode;
  readonly accidents?: Accidents;
  /** Whether a lease can end in the moment between the look at it and the request, or the write of a change: no store can rule that out. */
  readonly lateSend?: boolean;
  /** Whether keys never come back, so that nobody asks whether what stands there is another grant. */
  readonly keysAreOnce?: boolean;
  /** A design with one thing left out, to see that the exploration notices. */
  readonly mutate?: (store: ModelStore) => ModelStore;
}

type Outcome = RefreshOutcome<ModelSession> | UpdateOutcome<ModelSession>;
type Ending = Outcome["outcome"] | "crashed";

/** What one run came to. */
export interface Ended {
  readonly requests: number;
  readonly revoked: boolean;
  readonly endings: readonly Ending[];
  readonly deadToken: boolean;
  readonly problems: readonly string[];
  readonly trace: readonly string[];
}

interface ModelSession extends Refreshable {
  readonly refreshToken: number;
  readonly data: number;
}

interface Choice {
  readonly label: string;
  readonly take: () => void;
}

interface Worker {
  readonly index: number;
  /** The steps that wait for their turn: one, and a second while a save is repeated in the background. */
  readonly gates: Set<Gate>;
  /** All that this worker has learnt; what it does next follows from it. */
  history: string;
  /** The same without what it learnt in vain while it waited: one more look changes nothing in it. */
  settled: string;
  outcome: Outcome | null;
  /** How much had changed when it looked into the store last. */
  lookedAt: number;
  crashed: boolean;
  /** Tokens that the provider has issued to it and that are not in the store. */
  readonly received: number[];
}

interface Gate {
  readonly worker: Worker;
  choices(): Choice[];
}

const key = "session";
const week = 7 * 86_400_000;

/** One run of the real refresh code, in which `choose` decides every step of every worker. */
export class RefreshRun implements Run<Ended> {
  readonly #model: Model;
  readonly #trace: string[] = [];
  readonly #problems = new Set<string>();
  readonly #workers: Worker[] = [];
  #record: RecordState | null = null;
  readonly #left: Record<keyof Accidents, number>;
  #time = 0;
  #changes = 0;
  #requests = 0;
  #provider = { current: 0, previous: -1, next: 1, revoked: false };
  /** The first token of the newest grant: those before it belong to one that was replaced. */
  #newest = 0;
  #replacedAt = 0;
  #deleted = false;

  constructor(model: Model) {
    this.#model = model;
    this.#left = { expire: 0, lost: 0, crash: 0, store: 0, logout: 0, replace: 0, ...model.accidents };
    this.#take(["create", seal(0, 0), week]);
    for (let index = 0; index < model.workers; index++) {
      this.#start(index, (worker) => refreshSession(this.#world(worker), open(seal(0, 0))));
    }
    for (let index = 0; index < (model.updates ?? 0); index++) {
      this.#start(model.workers + index, (worker) => this.#update(worker));
    }
  }

  /** Runs to the end, or until `choose` returns -1 because somebody was here before. */
  async run(choose: Choose): Promise<Ended | null> {
    for (let step = 0; ; step++) {
      await this.#settle();
      const choices = this.#choices();
      if (choices.length === 0) break;
      if (step > 400) {
        this.#problems.add("the refresh does not come to an end");
        break;
      }
      const chosen = choose(choices.length, () => this.#state());
      if (chosen === -1) return null;
      const choice = choices[chosen] as Choice;
      this.#trace.push(choice.label);
      choice.take();
    }
    return this.#judge();
  }

  #start(index: number, work: (worker: Worker) => Promise<Outcome>): void {
    const worker: Worker = {
      index,
      gates: new Set(),
      history: "",
      settled: "",
      outcome: null,
      lookedAt: 0,
      crashed: false,
      received: [],
    };
    this.#workers.push(worker);
    void work(worker).then((outcome) => {
      worker.outcome = outcome;
      worker.history += `!${outcome.outcome}`;
      this.#trace.push(`${index}:${outcome.outcome}`);
      // What somebody did after its last look, it cannot know.
      if (outcome.outcome === "ended" && outcome.reason !== "unreadable" && worker.lookedAt >= this.#replacedAt)
        this.#judgeLogout(outcome.reason);
    });
  }

  /** Counts one more; a store that fails here says so to whoever asked, and nothing was changed. */
  #update(worker: Worker): Promise<Outcome> {
    const world = {
      ...this.#world(worker),
      open: ({ sealed }: { readonly sealed: string }) => open(sealed),
      change: async (newest: ModelSession, fence: number) => {
        const sealed = seal(fence, newest.refreshToken, newest.data + 1);
        return { session: open(sealed), sealed, ttl: week };
      },
    };
    return updateSession<ModelSession>(world, { key }).catch(() => ({ outcome: "busy" }) as const);
  }

  #world(worker: Worker): RefreshWorld<ModelSession> {
    // The record answers at once; only the interface says that a store may take its time.
    const step = <T>(label: string, act: () => MaybePromise<T>): Promise<T> =>
      this.#step(worker, label, act as () => T);
    const direct: ModelStore = {
      read: () => this.#read(),
      acquire: (_key, options) => this.#take(["acquire", options]),
      commit: (_key, fence, sealed, ttl) => this.#take(["commit", fence, sealed, ttl]),
      end: (_key, fence, ttl) => this.#take(["end", fence, ttl]),
      release: (_key, fence, options) => this.#take(["release", fence, options]),
    };
    const base = this.#model.mutate?.(direct) ?? direct;
    const store: RefreshStore = {
      read: (name) => step("read", () => base.read(name)),
      acquire: (name, options) => step("acquire", () => base.acquire(name, options)),
      commit: (name, fence, sealed, ttl) => step("commit", () => base.commit(name, fence, sealed, ttl)),
      end: (name, fence, ttl) => step("end", () => base.end(name, fence, ttl)),
      release: (name, fence, options) => step("release", () => base.release(name, fence, options)),
    };
    return {
      store,
      timing: defaultTiming,
      rules: { rotation: "either", retryUnknown: true },
      now: () => this.#time,
      usableUntil: () => 0,
      elapsed: () => this.#time,
      wait: () => this.#wait(worker),
      random: () => 0.5,
      open: (stored) => open(stored.sealed),
      ...(this.#model.keysAreOnce
        ? {}
        : {
            isReplaced: (sealed: string, seen: ModelSession) =>
              sealed !== seal(seen.fence, seen.refreshToken, seen.data),
          }),
      request: (session) => this.#request(worker, session),
      renew: async ({ data }, tokens, fence) => {
        const sealed = seal(fence, Number(tokens.refreshToken), data);
        return { session: open(sealed), sealed, ttl: week };
      },
      tombstone: week,
      onCommitFailed: () => {},
      onOrphaned: () => {},
    };
  }

  #gate<T>(
    worker: Worker,
    label: string,
    choices: (resolve: (value: T) => void, reject: (error: unknown) => void) => Choice[],
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = () => worker.gates.delete(gate);
      const gate: Gate = {
        worker,
        choices: () =>
          choices(
            (value) => {
              leave();
              worker.history += `,${JSON.stringify(value)}@${this.#time}`;
              if (label === "acquire" ? worker.history.includes("acquired") : label !== "read")
                worker.settled = worker.history;
              resolve(value);
            },
            (error) => {
              leave();
              worker.history += `,${String(error)}`;
              reject(error);
            },
          ),
      };
      worker.gates.add(gate);
    });
  }

  #step<T>(worker: Worker, label: string, act: () => T): Promise<T> {
    const name = `${worker.index}:${label}`;
    return this.#gate<T>(worker, label, (resolve, reject) => {
      const take = () => {
        const value = this.#act(act);
        if (["read", "acquire", "end"].includes(label)) worker.lookedAt = this.#changes;
        resolve(value);
      };
      if (this.#left.store === 0) return [{ label: name, take }];
      const fail = (acts: boolean) => () => {
        this.#left.store--;
        if (acts) this.#act(act);
        reject(new Error("The store is away."));
      };
      return [
        { label: name, take },
        { label: `${name}-fails`, take: fail(false) },
        { label: `${name}-answer-lost`, take: fail(true) },
      ];
    });
  }

  #act<T>(act: () => T): T {
    const before = JSON.stringify(this.#record);
    const value = act();
    if (JSON.stringify(this.#record) !== before) this.#changes++;
    return value;
  }

  #take<Answer>(operation: Operation): Answer {
    const [record, answer] = stepOf(this.#record, operation, this.#time);
    this.#record = record;
    return answer as Answer;
  }

  #read(): StoredRecord | null {
    return this.#take(["read"]);
  }

  /** A wait ends once anything has changed; when nothing can, time passes. */
  #wait(worker: Worker): Promise<void> {
    const since = this.#changes;
    worker.history = worker.settled;
    return this.#gate<void>(worker, "wait", (resolve) =>
      this.#changes === since ? [] : [{ label: `${worker.index}:wake`, take: () => resolve() }],
    );
  }

  /** Sends, and then hears back: between the two, everything can happen. */
  async #request(worker: Worker, session: ModelSession): Promise<ReturnType<typeof createTokens>> {
    const lose = (resolve: (lost: "lost") => void, label: string): Choice[] =>
      this.#left.lost === 0
        ? []
        : [
            {
              label: `${worker.index}:${label}`,
              take: () => {
                this.#left.lost--;
                resolve("lost");
              },
            },
          ];
    const sent = await this.#gate<number | null | "lost">(worker, "send", (resolve) => [
      {
        label: `${worker.index}:send`,
        take: () => {
          const issued = this.#redeem(session.refreshToken);
          if (issued !== null) worker.received.push(issued);
          resolve(issued);
        },
      },
      ...lose(resolve, "request-lost"),
    ]);
    const answer =
      sent === "lost"
        ? sent
        : await this.#gate<number | null | "lost">(worker, "receive", (resolve) => [
            { label: `${worker.index}:receive`, take: () => resolve(sent) },
            ...lose(() => {
              if (sent !== null) worker.received.splice(worker.received.indexOf(sent), 1);
              resolve("lost");
            }, "answer-lost"),
          ]);
    if (answer === "lost") throw failure("unknown");
    if (answer === null) throw failure("ended");
    return tokensWith(answer);
  }

  /** The token that replaces `token`, or `null` for `invalid_grant`. */
  #redeem(token: number): number | null {
    const provider = this.#provider;
    this.#requests++;
    // Another authorization, as good as ever; what it gets is of no use to the one that took its place.
    if (token < this.#newest) return token;
    if (!this.#accepts(token)) {
      if (this.#model.mode === "strict") provider.revoked = true;
      return null;
    }
    if (this.#model.mode === "reusable") return token;
    provider.previous = token;
    provider.current = provider.next++;
    return provider.current;
  }

  #accepts(token: number): boolean {
    const { current, previous, revoked } = this.#provider;
    return !revoked && (token === current || (this.#model.mode === "grace" && token === previous));
  }

  #choices(): Choice[] {
    const choices: Choice[] = [];
    for (const worker of this.#workers) {
      // The workers are alike: who goes first is only a name.
      if (worker.index > 0 && worker.index < this.#model.workers && this.#trace.length === 0) continue;
      for (const gate of worker.gates) choices.push(...gate.choices());
      if (this.#left.crash > 0 && worker.history !== "" && worker.outcome === null) {
        choices.push({ label: `${worker.index}:crash`, take: () => this.#crash(worker) });
      }
    }
    const lease = this.#leaseRemaining();
    const isLast = ({ label }: Choice) => label.endsWith(":send") || this.#isUpdate(label);
    const sending = choices.some(isLast) && this.#model.lateSend !== true;
    if (this.#left.expire > 0 && lease > 0 && !sending) {
      choices.push({ label: "expire", take: () => this.#expire(lease) });
    }
    if (this.#left.logout > 0 && this.#trace.length > 0) choices.push({ label: "logout", take: () => this.#logout() });
    if (this.#left.replace > 0 && this.#trace.length > 0)
      choices.push({ label: "replace", take: () => this.#replace() });
    const waiting = this.#workers.some(({ gates }) => gates.size > 0);
    if (choices.length === 0 && waiting) choices.push({ label: "time", take: () => this.#pass() });
    return choices;
  }

  /** The write of a change, which comes right after the look at the lease. */
  #isUpdate(label: string): boolean {
    return label.endsWith(":commit") && Number.parseInt(label, 10) >= this.#model.workers;
  }

  #crash(worker: Worker): void {
    this.#left.crash--;
    worker.crashed = true;
    worker.gates.clear();
    this.#changes++;
  }

  #expire(lease: number): void {
    this.#left.expire--;
    this.#time += lease;
    this.#changes++;
  }

  #logout(): void {
    this.#left.logout--;
    this.#deleted = true;
    this.#take(["delete"]);
    this.#changes++;
  }

  /** The person authorizes the app again: another grant, with tokens of its own. */
  #replace(): void {
    this.#left.replace--;
    this.#deleted = false;
    const token = this.#provider.next;
    this.#newest = token;
    this.#provider = { current: token, previous: -1, next: token + 1, revoked: false };
    this.#take(["replace", seal(0, token), week]);
    this.#replacedAt = ++this.#changes;
  }

  #pass(): void {
    this.#time += 5_000;
    this.#changes++;
  }

  #leaseRemaining(): number {
    return Math.max(0, (this.#record?.lease?.until ?? 0) - this.#time);
  }

  /** Until every worker waits for its turn or is done. */
  async #settle(): Promise<void> {
    const parked = (worker: Worker) => worker.crashed || worker.outcome !== null || worker.gates.size > 0;
    for (let turn = 0; turn < 40; turn++) await null;
    for (let turn = 0; !this.#workers.every(parked); turn++) {
      if (turn > 1_000) throw new Error(`A worker neither waits nor ends: ${this.#trace.join(" ")}`);
      await null;
    }
  }

  /** Everything that decides how a run goes on. */
  #state(): string {
    const workers = this.#workers.map((worker) => [
      worker.history,
      worker.crashed,
      worker.gates.size,
      worker.lookedAt >= this.#replacedAt,
      [...worker.gates].map((gate) => gate.choices().map(({ label }) => label)),
    ]);
    const provider = [this.#provider, this.#newest];
    return JSON.stringify([this.#record, workers, this.#time, this.#left, provider, this.#deleted]);
  }

  #onTheWay(): number[] {
    return this.#workers.filter(({ crashed }) => !crashed).flatMap(({ received }) => received);
  }

  #judgeLogout(reason: "refused" | "gone" | "too large"): void {
    if (this.#deleted) return;
    if (reason === "gone") this.#problems.add("told that the session is gone, though nobody deleted it");
    const stored = this.#read();
    const tokens = [...(stored?.sealed ? [open(stored.sealed).refreshToken] : []), ...this.#onTheWay()];
    if (tokens.some((token) => this.#accepts(token))) this.#problems.add("logged out while a usable token exists");
  }

  #judge(): Ended {
    const stored = this.#read();
    const inStore = stored?.sealed ? open(stored.sealed).refreshToken : null;
    const { current, revoked } = this.#provider;
    const updated = this.#workers.filter(({ outcome }) => outcome?.outcome === "updated").length;
    if (stored?.sealed && this.#replacedAt === 0 && open(stored.sealed).data < updated)
      this.#problems.add("a change of the data is lost");
    if (this.#deleted) {
      if (stored !== null) this.#problems.add("brought back after the logout");
    } else if (inStore !== null && inStore < this.#newest) {
      this.#problems.add("a token of the grant before stands in the place of the new one");
    } else if (!revoked) {
      if (this.#onTheWay().includes(current) && inStore !== current)
        this.#problems.add("the newest token is thrown away");
      if (stored?.ended && this.#onTheWay().some((token) => this.#accepts(token))) {
        this.#problems.add("ended with a usable token at hand");
      }
    }
    const endings = this.#workers.map(({ crashed, outcome }) => (crashed ? "crashed" : outcome?.outcome)) as Ending[];
    if (endings.some((ending) => ending === undefined)) this.#problems.add("a worker never answers");
    return {
      requests: this.#requests,
      revoked,
      endings,
      deadToken: inStore !== null && !this.#accepts(inStore),
      problems: [...this.#problems],
      trace: this.#trace,
    };
  }
}

function seal(fence: number, refreshToken: number, data = 0): string {
  return JSON.stringify(data === 0 ? [fence, refreshToken] : [fence, refreshToken, data]);
}

function open(sealed: string): ModelSession {
  const [fence = 0, refreshToken = 0, data = 0] = JSON.parse(sealed) as number[];
  return { key, fence, refreshToken, data, tokens: tokensWith(refreshToken) };
}

function tokensWith(refreshToken: number): ReturnType<typeof createTokens> {
  return createTokens({
    accessToken: "access",
    tokenType: "Bearer",
    expiresIn: 3_600,
    scope: [],
    refreshToken: String(refreshToken),
    createdAt: 0,
    authorizedAt: 0,
  });
}

function failure(outcome: "unknown" | "ended"): TokenRequestError {
  const error = outcome === "ended" ? { error: "invalid_grant" } : {};
  const code = outcome === "ended" ? "token_request_refused" : "provider_timeout";
  return new TokenRequestError(outcome, { code, outcome, hint: "", ...error });
}
