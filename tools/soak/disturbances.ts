import type { AuthorizationServer, Fault } from "@pixy/testing";
import type { Chance } from "./chance.ts";
import type { SoakRedis } from "./redis.ts";
import type { Witness } from "./witness.ts";

/** A stretch of time in which something was wrong. */
export interface Disturbance {
  readonly what: string;
  readonly from: number;
  to: number;
}

export interface Disturbances {
  readonly all: readonly Disturbance[];
  /** Whether the store was disturbed at some moment of this time. */
  store(from: number, to: number): boolean;
  /** Whether the provider was disturbed at some moment of this time. */
  provider(from: number, to: number): boolean;
  /** The machine gave the app or this process no time at all: what was under way may have been given up. */
  stalled(from: number, to: number): void;
  /** The same for as long as something takes that stops the app on purpose. */
  whileStalled<Value>(what: string, work: () => Promise<Value>): Promise<Value>;
  /** Goes on until the signal says to stop; then everything works again. */
  run(signal: AbortSignal): Promise<void>;
}

export interface DisturbanceOptions {
  readonly provider: AuthorizationServer;
  readonly witness: Witness;
  readonly redis: SoakRedis | null;
  readonly chance: Chance;
  /** Milliseconds of a stretch without disturbance and of one with it, at most. */
  readonly calm: number;
  readonly storm: number;
}

type Rotation = "omit" | "rotate" | "grace";

// What comes back to the app as `consumed and lost` would end a login at a provider that rotates without grace, by
// definition: such faults are left out there.
const harmless: readonly Fault[] = [
  { at: "token", kind: "status", status: 503, retryAfter: 1 },
  { at: "token", kind: "status", status: 429, retryAfter: 2 },
  { at: "token", kind: "html", status: 502 },
  { at: "token", kind: "text", status: 500 },
  { at: "token", kind: "reset-before-consume" },
  { at: "token", kind: "delay", milliseconds: 400 },
  { at: "token", kind: "delay", milliseconds: 2_500 },
  { at: "api", kind: "unauthorized" },
  { at: "api", kind: "delay", milliseconds: 700 },
  { at: "api", kind: "status", status: 503 },
];
const losing: readonly Fault[] = [
  { at: "token", kind: "reset-after-consume" },
  { at: "token", kind: "half-json" },
  { at: "token", kind: "html", status: 200 },
];

/** Milliseconds after a Redis is back in which the app may still be connecting to it. */
const reconnecting = 6_000;

/** Milliseconds after a stall in which the app may still pause, ten seconds by its contract, and a little. */
const pausing = 12_000;

export function createDisturbances(options: DisturbanceOptions): Disturbances {
  const { provider, witness, redis, chance } = options;
  const all: Disturbance[] = [];
  const overlaps = (prefix: string, from: number, to: number, after: number) =>
    all.some(({ what, from: start, to: end }) => what.startsWith(prefix) && start <= to && end + after >= from);

  async function during(what: string, milliseconds: number, signal: AbortSignal): Promise<void> {
    const disturbance = { what, from: Date.now(), to: Number.POSITIVE_INFINITY };
    all.push(disturbance);
    await pass(milliseconds, signal);
    disturbance.to = Date.now();
  }

  async function disturbProvider(signal: AbortSignal): Promise<void> {
    const { rotation } = provider.settings;
    const fault = chance.pick(rotation === "rotate" ? harmless : [...harmless, ...losing]);
    // Some requests or all of them.
    provider.fault(chance.happens(0.4) ? { ...fault, times: chance.between(1, 12) } : fault);
    await during(`provider ${describe(fault)}`, chance.between(options.storm / 2, options.storm), signal);
    provider.clearFaults();
  }

  async function disturbRedis(running: SoakRedis, signal: AbortSignal): Promise<void> {
    const restarts = chance.happens(0.5);
    const disturbance = { what: restarts ? "store restart" : "store stopped", from: Date.now(), to: Infinity };
    all.push(disturbance);
    if (restarts) {
      await running.restart(chance.between(200, options.storm / 2));
    } else {
      running.signal("SIGSTOP");
      await pass(chance.between(500, options.storm / 2), signal);
      running.signal("SIGCONT");
    }
    disturbance.to = Date.now();
  }

  /** From `grace` to a mode without it, a lost answer could no longer be asked for again: wait for the lost ones. */
  async function changeRotation(next: Rotation, signal: AbortSignal): Promise<void> {
    if (provider.settings.rotation === "grace" && next !== "grace") {
      const until = Date.now() + 20_000;
      while (witness.undelivered.length > 0 && Date.now() < until && !signal.aborted) await pass(200, signal);
      for (const login of witness.undelivered) login.excused = true;
    }
    provider.configure({ rotation: next, expiresIn: chance.between(2, 5) });
  }

  return {
    all,
    store: (from, to) => overlaps("store", from, to, reconnecting) || overlaps("stall", from, to, pausing),
    provider: (from, to) => overlaps("provider", from, to, 0) || overlaps("stall", from, to, pausing),
    stalled: (from, to) => all.push({ what: "stall", from, to }),
    async whileStalled(what, work) {
      const disturbance = { what: `stall: ${what}`, from: Date.now(), to: Number.POSITIVE_INFINITY };
      all.push(disturbance);
      try {
        return await work();
      } finally {
        disturbance.to = Date.now();
      }
    },
    async run(signal) {
      const modes: Rotation[] = ["omit", "rotate", "grace"];
      for (let round = 0; !signal.aborted; round += 1) {
        await changeRotation(modes[round % modes.length] ?? "omit", signal);
        for (let part = 0; part < 3 && !signal.aborted; part += 1) {
          await pass(chance.between(options.calm / 2, options.calm), signal);
          if (signal.aborted) break;
          if (redis !== null && chance.happens(0.4)) await disturbRedis(redis, signal);
          else await disturbProvider(signal);
        }
        // What the provider remembers of its requests would grow without end.
        if (provider.violations.length === 0) provider.reset();
      }
      provider.clearFaults();
    },
  };
}

function describe(fault: Fault): string {
  const detail = "status" in fault ? ` ${fault.status}` : "milliseconds" in fault ? ` ${fault.milliseconds} ms` : "";
  return `${fault.at} ${fault.kind}${detail}`;
}

/** Waits, but no longer than the signal lets it. */
export function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end, { once: true });
  });
}
