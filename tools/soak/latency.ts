/** Times in milliseconds, counted in steps of 4 %: bounded however long it runs. */
export interface Latency {
  add(milliseconds: number): void;
  readonly count: number;
  /** The time that this share of all stayed below, to within a step; 0 without any. */
  percentile(share: number): number;
  clear(): void;
}

const step = 1.04;
const least = 0.1;

export function createLatency(): Latency {
  let counts = new Map<number, number>();
  let count = 0;
  return {
    add(milliseconds) {
      const bucket = Math.ceil(Math.log(Math.max(milliseconds, least) / least) / Math.log(step));
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      count += 1;
    },
    get count() {
      return count;
    },
    percentile(share) {
      let left = share * count;
      for (const [bucket, times] of [...counts].sort(([one], [other]) => one - other)) {
        left -= times;
        if (left <= 0) return Math.round(least * step ** bucket * 10) / 10;
      }
      return 0;
    },
    clear() {
      counts = new Map();
      count = 0;
    },
  };
}
