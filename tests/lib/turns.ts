import { AsyncLocalStorage } from "node:async_hooks";
import { vi } from "vitest";

export interface Choice {
  readonly label: string;
  readonly take: () => void;
}

/** A step that waits for its turn. */
interface Gate {
  /** It waits for time to pass, or for anything to change. */
  readonly isWait: boolean;
  choices(): readonly Choice[];
}

/** One who takes steps in a process of its own. */
export class Actor {
  readonly name: string;
  readonly turns: Turns;
  readonly gates: Set<Gate> = new Set();
  /** All that it has learnt; what it does next follows from it. */
  history = "";
  /** The same without what it learnt in vain while it waited for a lease. */
  #settled = "";
  #isWaiting = false;
  isDone = false;

  constructor(name: string, turns: Turns) {
    this.name = name;
    this.turns = turns;
  }

  /** Acts once it is this step's turn. */
  step<T>(label: string, act: () => T): Promise<T> {
    return new Promise<T>((resolve) => {
      const take = () => {
        this.gates.delete(gate);
        const value = current.run(this, act);
        this.history += `,${label} ${this.turns.describe(value)}@${this.turns.time}`;
        const state = (value as { readonly state?: string } | null | undefined)?.state;
        if (label === "acquire") this.#isWaiting = state === "held";
        if (!this.#isWaiting) this.#settled = this.history;
        resolve(value);
      };
      const gate: Gate = { isWait: false, choices: () => [{ label: `${this.name}:${label}`, take }] };
      this.gates.add(gate);
    });
  }

  /** A wait ends once anything has changed, or its time is over. */
  wait(callback: () => void, milliseconds: number): Gate {
    const { changes, time } = this.turns;
    this.history = this.#settled;
    const take = () => {
      this.gates.delete(gate);
      callback();
    };
    const gate: Gate = {
      isWait: true,
      choices: () =>
        this.turns.changes === changes && this.turns.time < time + milliseconds
          ? []
          : [{ label: `${this.name}:wake`, take }],
    };
    this.gates.add(gate);
    return gate;
  }
}

/** Who takes a step next is somebody else's choice; between two steps, everybody goes on until they wait for their turn. */
export class Turns {
  readonly actors: Actor[] = [];
  readonly describe: (value: unknown) => string;
  /** Milliseconds since 1970. */
  time: number;
  /** How often anything has changed that somebody may wait for. */
  changes = 0;

  constructor(time: number, describe: (value: unknown) => string) {
    this.time = time;
    this.describe = describe;
  }

  start<T>(name: string, work: () => Promise<T>, then: (outcome: PromiseSettledResult<T>, actor: Actor) => void): void {
    const actor = new Actor(name, this);
    this.actors.push(actor);
    current.run(actor, () =>
      Promise.allSettled([work()]).then(([outcome]) => {
        actor.isDone = true;
        then(outcome, actor);
      }),
    );
  }

  choices(): Choice[] {
    return this.actors.flatMap(({ gates }) => [...gates].flatMap((gate) => gate.choices()));
  }

  /** Until everybody waits for a turn or is done, and nothing is being computed. */
  async settle(): Promise<void> {
    const isParked = ({ isDone, gates }: Actor) => isDone || gates.size > 0;
    for (let quiet = 0, turn = 0; quiet < 3; turn++) {
      if (turn > 1_000_000) throw new Error("Somebody neither waits nor ends.");
      await new Promise(setImmediate);
      quiet = computing === 0 && this.actors.every(isParked) ? quiet + 1 : 0;
    }
  }
}

const current: AsyncLocalStorage<Actor> = new AsyncLocalStorage();
let computing = 0;

/** Whoever takes this step; `undefined` for the test itself. */
export const currentActor = (): Actor | undefined => current.getStore();

/** Milliseconds from which on a timer is a limit and no wait: those are never reached. */
const limit = 5_000;

const computations = ["decrypt", "deriveBits", "deriveKey", "digest", "encrypt", "importKey", "sign"] as const;

/** Gives the clocks and timers of all actors to their turns, and counts what is being computed, until the mocks are restored. */
export function takeOverTime(): void {
  const { setTimeout: later, clearTimeout: forget } = globalThis;
  const elapsed = performance.now.bind(performance);
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((callback: () => void, milliseconds = 0) => {
    const actor = currentActor();
    if (actor === undefined) return later(callback, milliseconds);
    return milliseconds < limit ? actor.wait(callback, milliseconds) : undefined;
  }) as typeof setTimeout);
  vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
    const gates = currentActor()?.gates;
    if (gates === undefined) forget(timer);
    else gates.delete(timer as unknown as Gate);
  });
  vi.spyOn(performance, "now").mockImplementation(() => currentActor()?.turns.time ?? elapsed());
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  for (const name of computations) {
    const compute = crypto.subtle[name].bind(crypto.subtle) as (...given: unknown[]) => Promise<unknown>;
    const counted = async (...given: unknown[]) => {
      computing++;
      try {
        return await compute(...given);
      } finally {
        computing--;
      }
    };
    vi.spyOn(crypto.subtle, name).mockImplementation(counted as never);
  }
}
