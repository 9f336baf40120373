import type { Operation, RecordState } from "@pixy/grants";
import type { Choose, Run } from "../../packages/grants/test/explore.ts";
import { began, type SharingWorld, Shelf } from "./sharing-model.ts";
import { type Actor, type Choice, currentActor, Turns } from "./turns.ts";

export interface SharingRun {
  /** Token requests for the grant that had expired, and for the one that took its place. */
  readonly requests: readonly [number, number];
  readonly endings: Readonly<Record<string, string>>;
  readonly isRevoked: boolean;
  readonly problems: readonly string[];
  readonly trace: readonly string[];
}

/** One authorization at the provider. Its refresh tokens are numbers, and the access token of each has the same. */
interface Family {
  current: number;
  next: number;
  requests: number;
  underWay: number;
  /** The provider saw a token used twice. */
  isRevoked: boolean;
  /** The app has revoked its newest token. */
  isGivenUp: boolean;
}

const hour = 3_600_000;

/** What one process has looked at last, as the change after which it did. */
interface Look {
  record: number;
  epoch: number;
  /** Its first look at the record. */
  first: number;
}

/** One run: the real code of every process, in which `choose` decides whose turn it is. */
export class SharingTurns extends Turns implements Run<SharingRun> {
  readonly shelf: Shelf;
  /** Whether epochs count up in this run: where they do not, it is all the same when they are asked for. */
  readonly endsAll: boolean;
  readonly #key: string;
  readonly #trace: string[] = [];
  readonly #problems: Set<string> = new Set();
  readonly #endings: Record<string, string> = {};
  readonly #families: readonly [Family, Family] = [family(0), family(100)];
  readonly #left: { late: number; expire: number };
  #hasExpired = false;
  /** What each sealed text holds, in words: how it was sealed is random. */
  readonly #words: Map<string, string>;
  /** The change at which each of these happened; 0 where it did not. */
  readonly #at = { ended: 0, advanced: 0, saved: 0 };
  readonly #looks: Map<Actor, Look> = new Map();
  readonly #received: Map<Actor, number> = new Map();
  #epochOfLogin = 0;
  /** What the last deletion took away, in words. */
  #deleted = "";

  constructor({ model, shelf, grantKey, work }: SharingWorld) {
    const words = new Map([[shelf.records.get(grantKey)?.sealed ?? "", "0"]]);
    const inWords = (_member: string, value: unknown) =>
      typeof value === "string" ? (words.get(value) ?? value) : value;
    super(began + 2 * hour, (value) => JSON.stringify(value, inWords) ?? "");
    // What a run before has left on its way is none of this one's.
    Reflect.deleteProperty(globalThis, Symbol.for("pixy/1"));
    this.shelf = new Shelf(shelf);
    this.endsAll = model.end === "endAll";
    this.#words = words;
    this.#key = grantKey;
    this.#left = { late: 0, expire: 0, ...model.accidents };
    for (const [name, does] of work) this.start(name, does, (outcome, actor) => this.#hearEnding(outcome, actor));
  }

  async run(choose: Choose): Promise<SharingRun | null> {
    for (let step = 0; ; step++) {
      await this.settle();
      const choices = this.choices();
      if (choices.length === 0) break;
      if (step > 300) {
        this.#problems.add("it does not come to an end");
        break;
      }
      const chosen = choose(choices.length, () => this.#state());
      if (chosen === -1) return null;
      const choice = choices[chosen] as Choice;
      this.#trace.push(choice.label);
      choice.take();
    }
    this.#judge();
    const [before, after] = this.#families;
    return {
      requests: [before.requests, after.requests],
      endings: this.#endings,
      isRevoked: before.isRevoked || after.isRevoked,
      problems: [...this.#problems],
      trace: this.#trace,
    };
  }

  override choices(): Choice[] {
    const choices = super.choices();
    const isSending = choices.some(({ label }) => label.endsWith(":send"));
    const isWaiting = this.actors.some(({ gates }) => [...gates].some(({ isWait }) => isWait));
    const lease = (this.shelf.records.get(this.#key)?.lease?.until ?? 0) - this.time;
    if (this.#left.late > 0 && isWaiting) {
      choices.push({ label: "late", take: () => this.#pass(1_500, this.#left.late--) });
    }
    // Between the look at the lease and the request, no client can rule it out.
    if (this.#left.expire > 0 && lease > 0 && !isSending) {
      choices.push({ label: "expire", take: () => this.#pass(lease, this.#left.expire--) });
    }
    if (choices.length === 0 && isWaiting) choices.push({ label: "time", take: () => this.#pass(5_000) });
    return choices;
  }

  #pass(milliseconds: number, _counted?: number): void {
    this.time += milliseconds;
    this.changes++;
    if (milliseconds > 5_000) this.#hasExpired = true;
  }

  /** Hears of each step that concerns the grant's record. */
  hear(operation: Operation, before: RecordState | null, after: RecordState | null): void {
    const actor = currentActor() as Actor;
    const look = this.#look(actor);
    const hasChanged = before !== after;
    if (hasChanged) this.changes++;
    if (operation[0] !== "release") look.record = this.changes;
    if (look.first === 0) look.first = this.changes;
    switch (operation[0]) {
      case "commit":
        this.#words.set(operation[2], `${this.#received.get(actor)} under ${operation[1]}`);
        break;
      case "create":
      case "replace":
        this.#words.set(operation[1], this.#saved(actor, hasChanged));
        break;
      case "delete":
        if (!hasChanged) break;
        this.#at.ended = this.changes;
        this.#deleted = this.#words.get(before?.sealed ?? "") ?? "";
    }
  }

  /** What somebody has put under the key, in words: the login, or an end that took away what was saved meanwhile. */
  #saved(actor: Actor, hasChanged: boolean): string {
    if (actor.name === "end" && hasChanged) {
      this.#at.saved = this.changes;
      return this.#deleted;
    }
    if (actor.name !== "login") return `${this.#received.get(actor)}`;
    if (hasChanged) this.#at.saved = this.changes;
    return `100 in ${this.#epochOfLogin}`;
  }

  hearEpoch(epoch: number): void {
    const actor = currentActor() as Actor;
    this.#look(actor).epoch = this.changes;
    if (actor.name === "login") this.#epochOfLogin = epoch;
  }

  advance(owner: string): number {
    const epoch = (this.shelf.epochs.get(owner) ?? 0) + 1;
    this.shelf.epochs.set(owner, epoch);
    this.#at.advanced = ++this.changes;
    return epoch;
  }

  #look(actor: Actor): Look {
    const known = this.#looks.get(actor) ?? { record: 0, epoch: 0, first: 0 };
    this.#looks.set(actor, known);
    return known;
  }

  /** The provider: it sends, and then one hears back; between the two, everything can happen. */
  async fetch(url: string, init: RequestInit | undefined): Promise<Response> {
    const actor = currentActor() as Actor;
    const form = new URLSearchParams(String(init?.body));
    if (url.endsWith("/revoke")) {
      const token = Number(form.get("token"));
      const one = this.#familyOf(token);
      // One that was used is no token any more.
      if (token === one.current) one.isGivenUp = true;
      return new Response();
    }
    const token = Number(form.get("refresh_token"));
    const one = this.#familyOf(token);
    const issued = await actor.step("send", () => {
      one.requests++;
      if (++one.underWay > 1 && !this.#hasExpired) this.#problems.add("two token requests at once");
      if (token !== one.current || one.isRevoked || one.isGivenUp) {
        one.isRevoked ||= !one.isGivenUp;
        return null;
      }
      one.current = one.next++;
      return one.current;
    });
    await actor.step("receive", () => {
      one.underWay--;
      if (issued !== null) this.#received.set(actor, issued);
    });
    if (issued === null) return Response.json({ error: "invalid_grant" }, { status: 400 });
    const lasting = { token_type: "Bearer", expires_in: 3_600 };
    return Response.json({ access_token: `${issued}`, refresh_token: `${issued}`, ...lasting });
  }

  #familyOf(token: number): Family {
    return this.#families[token < 100 ? 0 : 1];
  }

  #hearEnding(outcome: PromiseSettledResult<unknown>, actor: Actor): void {
    const code = outcome.status === "rejected" ? String((outcome.reason as { readonly code?: string }).code) : null;
    this.#endings[actor.name] = code ?? "done";
    this.#trace.push(`${actor.name}:${code ?? (outcome as { readonly value: unknown }).value}`);
    const { ended, advanced, saved } = this.#at;
    const look = this.#look(actor);
    if (actor.name === "end" || actor.name === "login") {
      const mayFail = actor.name === "login" && code === "grant_not_found" && advanced > 0;
      if (code !== null && !mayFail) this.#problems.add(`${actor.name} fails: ${code}`);
    } else if (outcome.status === "fulfilled") {
      const token = Number(outcome.value);
      if (token === 0) this.#problems.add("a token that has expired is handed out");
      const isOfNewer = token >= 100 && saved > ended && this.#isSavedInTime();
      // Who looked after the login has seen what it saved, and not the end before it.
      const sawDeletion = ended > 0 && look.record >= ended && (saved < ended || look.record < saved);
      const sawEnd = sawDeletion || (advanced > 0 && look.epoch >= advanced);
      if (sawEnd && !isOfNewer) this.#problems.add("a token of a grant whose end was seen is handed out");
    } else {
      const isOver = ended > 0 || advanced > 0;
      const knowsNewer = actor.name.startsWith("job") && saved > ended && look.first >= saved && this.#isSavedInTime();
      if (code === "reauth_required") this.#problems.add("told of a refusal, though nobody has spent the token");
      else if (!isOver || knowsNewer) this.#problems.add(`turned away with ${code}, though there is a grant`);
    }
  }

  /** Whether what the login has saved came after the end of everything. */
  #isSavedInTime(): boolean {
    return this.#epochOfLogin >= (this.shelf.epochs.get([...this.shelf.epochs.keys()][0] ?? "") ?? 0);
  }

  #judge(): void {
    for (const { name, isDone } of this.actors) if (!isDone) this.#problems.add(`${name} never answers`);
    const { ended, saved } = this.#at;
    const record = this.shelf.records.get(this.#key);
    const stands = record?.sealed ? (this.#words.get(record.sealed) ?? "") : null;
    const token = Number.parseInt(stands ?? "-1", 10);
    const [before, after] = this.#families;
    if (saved > ended) {
      if (!this.#isSavedInTime()) return;
      if (token < 0) this.#problems.add("the newer grant is lost");
      else if (token < 100) this.#problems.add("a late write stands in the place of the newer grant");
    } else if (ended > 0) {
      if (token >= 0) this.#problems.add("brought back after its end");
      const last = saved > 0 ? after : before;
      if (!last.isGivenUp && !last.isRevoked) this.#problems.add("a grant that was ended lives on at the provider");
    } else if (!before.isRevoked && token !== before.current) {
      this.#problems.add("the newest token is not what is kept");
    }
  }

  /** Everything that decides how a run goes on. */
  #state(): string {
    const { ended, advanced, saved } = this.#at;
    const actors = this.actors.map((actor) => {
      // Who is done has told all that it knows.
      if (actor.isDone && actor.gates.size === 0) return actor.name;
      const look = this.#look(actor);
      const saw = [look.record >= ended, look.record >= saved, look.epoch >= advanced, look.first >= saved];
      const gates = [...actor.gates].map((gate) => gate.choices().map(({ label }) => label));
      return [actor.history, actor.isDone, saw, gates];
    });
    const order = [ended > 0, advanced > 0, saved > 0, saved > ended, saved > advanced];
    const { records, epochs, notes } = this.shelf;
    const shelf = [records.get(this.#key), [...epochs], notes.has(this.#key)];
    return this.describe([shelf, actors, order, this.time, this.#left, this.#families]);
  }
}

function family(first: number): Family {
  return { current: first, next: first + 1, requests: 0, underWay: 0, isRevoked: false, isGivenUp: false };
}
