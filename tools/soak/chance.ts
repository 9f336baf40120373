/** Random numbers that a seed repeats. */
export interface Chance {
  /** From 0 to 1, without 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** True so often out of one. */
  happens(share: number): boolean;
  /** Another sequence, which stays the same whatever is drawn from this one afterwards. */
  fork(): Chance;
}

/** The generator is mulberry32: 32 bits of state, good enough to mix actions. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    happens: (share) => next() < share,
    fork: () => createChance(between(0, 2 ** 31)),
  };
}
