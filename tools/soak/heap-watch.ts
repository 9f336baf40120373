import type { HeapKind, LiveHeap } from "./heap-graph.ts";

/** The live heap of one process at one moment, in MB. */
export interface HeapSample {
  /** Seconds since the start. */
  readonly at: number;
  /** Which of the app's processes, from 1 on. */
  readonly process: number;
  readonly live: number;
  /** Of it, what only our own bounded caches hold. */
  readonly bounded: number;
}

export interface HeapVerdict {
  readonly process: number;
  /** MB that the rest, without the bounded caches, has grown by: the mean of the last third beside that of the first. */
  readonly grown: number;
  readonly isFlat: boolean;
  /** What has grown the most between the first look and the last, with what holds it. */
  readonly growth: readonly HeapKind[];
}

/** MB by which compiled code and the sockets of the moment differ from look to look. */
const noise = 2;
const share = 0.1;

/** Remembers what each process held at its first and at its last look. */
export function createHeapWatch() {
  const samples: HeapSample[] = [];
  const first = new Map<number, LiveHeap>();
  const last = new Map<number, LiveHeap>();
  return {
    samples,
    add(process: number, at: number, heap: LiveHeap): HeapSample {
      const megabytes = (bytes: number) => Math.round(bytes / 1e4) / 100;
      const sample = { at: Math.round(at), process, live: megabytes(heap.bytes), bounded: megabytes(heap.bounded) };
      samples.push(sample);
      if (!first.has(process)) first.set(process, heap);
      last.set(process, heap);
      return sample;
    },
    verdicts(): HeapVerdict[] {
      return [...first].map(([process, before]) => {
        const rest = samples.filter((one) => one.process === process).map(({ live, bounded }) => live - bounded);
        const grown = growthOf(rest);
        const isFlat = grown <= Math.max(noise, (rest[0] ?? 0) * share);
        return { process, grown, isFlat, growth: difference(before, last.get(process) ?? before) };
      });
    },
  };
}

export function growthOf(values: readonly number[]): number {
  const third = Math.max(1, Math.floor(values.length / 3));
  const mean = (some: readonly number[]) => some.reduce((sum, value) => sum + value, 0) / Math.max(1, some.length);
  return Math.round((mean(values.slice(-third)) - mean(values.slice(0, third))) * 100) / 100;
}

function difference(before: LiveHeap, after: LiveHeap): HeapKind[] {
  const had = new Map(before.kinds.map(({ kind, bytes }) => [kind, bytes]));
  return after.kinds
    .map((now) => ({ ...now, bytes: now.bytes - (had.get(now.kind) ?? 0) }))
    .filter(({ bytes }) => bytes > 50_000)
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, 5);
}
