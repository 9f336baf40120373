import { createAuthorizationServer } from "@pixy/testing";
import { createChance } from "./chance.ts";
import { createDisturbances, type Disturbance, pass } from "./disturbances.ts";
import { createHeapWatch, type HeapSample, type HeapVerdict } from "./heap-watch.ts";
import { createInspector, type Failure } from "./inspector.ts";
import { liveHeap } from "./live-heap.ts";
import type { SoakOptions } from "./options.ts";
import { appFigures } from "./process-figures.ts";
import { startProcesses } from "./processes.ts";
import { startRedis } from "./redis.ts";
import { runVisitor } from "./visitor.ts";
import { witness } from "./witness.ts";

/** What was seen at one moment. */
export interface Sample {
  /** Seconds since the start. */
  readonly at: number;
  readonly memory: number;
  readonly descriptors: number;
  /** Requests a second since the sample before. */
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
}

export interface SoakResult {
  readonly options: SoakOptions;
  readonly seconds: number;
  readonly requests: number;
  readonly refreshes: number;
  readonly spoiled: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly samples: readonly Sample[];
  /** Empty where nobody looked. */
  readonly heap: { readonly samples: readonly HeapSample[]; readonly verdicts: readonly HeapVerdict[] };
  readonly disturbances: readonly Disturbance[];
  readonly violations: readonly string[];
  readonly failures: readonly Failure[];
  readonly failureCount: number;
}

/** Milliseconds within which a page that does nothing is answered, unless the machine stands still. */
const longestAnswer = 3_000;

// What the provider issues, and what our cookies carry.
const secrets = /\b(access|refresh|code)-[\w-]{40,}|\beyJ[\w-]{20,}\./;

/** Keeps an example at load while the provider and the store misbehave, and looks at every answer. */
export async function soak(options: SoakOptions, print: (line: string) => void): Promise<SoakResult> {
  const chance = createChance(options.seed);
  const provider = createAuthorizationServer({ expiresIn: 3 });
  const seen = await witness(provider);
  provider.configure({ issuer: seen.url });
  const redis = options.store === "redis" ? await startRedis() : null;
  const app = await startProcesses(options, seen.url, redis?.url).catch(async (error) => {
    await seen.close();
    await redis?.stop();
    throw error;
  });
  const short = options.minutes < 1;
  const disturbances = createDisturbances({
    ...{ provider, witness: seen, redis, chance: chance.fork() },
    ...(short ? { calm: 700, storm: 900 } : { calm: 8_000, storm: 6_000 }),
  });
  const inspector = createInspector(disturbances);
  const stop = new AbortController();
  const samples: Sample[] = [];
  const heap = createHeapWatch();
  const started = Date.now();
  const milliseconds = options.minutes * 60_000;

  function sample(): void {
    const before = samples.at(-1)?.at ?? 0;
    const at = (Date.now() - started) / 1000;
    const { recent } = inspector;
    const rate = Math.round(recent.count / Math.max(0.001, at - before));
    samples.push({
      at: Math.round(at),
      ...appFigures(),
      rate,
      p50: recent.percentile(0.5),
      p95: recent.percentile(0.95),
    });
    recent.clear();
    const leak = secrets.exec(app.output())?.[0];
    if (leak) inspector.failRequest(`The app printed a secret: ${leak.slice(0, 12)}…`);
  }

  async function watch(): Promise<void> {
    let told = 0;
    const pause = short ? 1_000 : Math.min(10_000, milliseconds / 18);
    while (!stop.signal.aborted) {
      await pass(pause, stop.signal);
      sample();
      const last = samples.at(-1) as Sample;
      print(
        `${String(last.at).padStart(5)} s  ${last.rate}/s  p95 ${last.p95} ms  ${last.memory} MB  ` +
          `${last.descriptors} files  ${seen.counts.refreshes} refreshes  ${inspector.counts.unavailable} × 503  ` +
          `${inspector.failureCount} failures  (${provider.settings.rotation})`,
      );
      for (const { what, detail } of inspector.failures.slice(told)) print(`  ! ${what}: ${detail}`);
      told = inspector.failures.length;
    }
  }

  /** A machine that stands still for seconds is no fault of the app, and it is reported. */
  async function watchForStalls(): Promise<void> {
    while (!stop.signal.aborted) {
      const from = Date.now();
      const response = await fetch(`${app.url}/public`).catch(() => null);
      await response?.arrayBuffer();
      const to = Date.now();
      if (to - from > longestAnswer) disturbances.stalled(from, to);
      await pass(500, stop.signal);
    }
  }

  /** Looks at the live heap of each process in turn, six times or each 20 minutes. */
  async function watchHeap(): Promise<void> {
    const pause = Math.min(20 * 60_000, milliseconds / 6);
    while (options.hours && !stop.signal.aborted) {
      await pass(pause, stop.signal);
      for (const [index, address] of app.inspectors.entries()) {
        if (stop.signal.aborted) return;
        const seconds = (Date.now() - started) / 1000;
        const found = await disturbances.whileStalled("heap snapshot", () => liveHeap(address));
        const { at, process, live, bounded } = heap.add(index + 1, seconds, found);
        print(`${String(at).padStart(5)} s  process ${process}: ${live} MB live, ${bounded} of them in bounded caches`);
      }
    }
  }

  try {
    const visitors = Array.from({ length: options.visitors }, () =>
      runVisitor({ url: app.url, witness: seen, inspector, chance: chance.fork(), pause: options.pause }, stop.signal),
    );
    const disturbing = disturbances.run(stop.signal);
    const watching = Promise.all([watch(), watchForStalls(), watchHeap()]);
    await pass(milliseconds, stop.signal);
    stop.abort();
    await Promise.all([disturbing, watching, ...visitors]);
  } finally {
    stop.abort();
    await app.stop();
    await redis?.stop();
    await seen.close();
  }
  return {
    options,
    seconds: Math.round((Date.now() - started) / 1000),
    requests: [...inspector.statuses.values()].reduce((sum, count) => sum + count, 0),
    refreshes: seen.counts.refreshes,
    spoiled: seen.counts.spoiled,
    counts: inspector.counts,
    statuses: Object.fromEntries([...inspector.statuses].sort(([one], [other]) => one.localeCompare(other))),
    latency: {
      p50: inspector.latency.percentile(0.5),
      p95: inspector.latency.percentile(0.95),
      p99: inspector.latency.percentile(0.99),
    },
    samples,
    heap: { samples: heap.samples, verdicts: heap.verdicts() },
    disturbances: disturbances.all,
    violations: provider.violations.map(({ rule, message }) => `${rule}: ${message}`),
    failures: inspector.failures,
    failureCount: inspector.failureCount + provider.violations.length,
  };
}
