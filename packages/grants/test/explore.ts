/** Picks one of so many steps; -1 ends a run in a state that is known already. */
export type Choose = (count: number, state: () => string) => number;

/** A run of the real code that takes one step at a time; `null` where it was ended early. */
export interface Run<Result> {
  run(choose: Choose): Promise<Result | null>;
}

/** Every interleaving, depth first, each state once; returns how many runs that took. */
export async function explore<Result>(
  begin: () => Run<Result>,
  visit: (result: Result) => void,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<number> {
  const seen = new Set<string>();
  const path: { chosen: number; count: number }[] = [];
  let runs = 0;
  for (; runs < limit; runs++) {
    let depth = 0;
    const result = await begin().run((count, state) => {
      const known = path[depth];
      if (known) {
        depth++;
        return known.chosen;
      }
      if (count > 1) {
        const here = state();
        if (seen.has(here)) return -1;
        seen.add(here);
      }
      path.push({ chosen: 0, count });
      depth++;
      return 0;
    });
    if (result) visit(result);
    let last = path.pop();
    while (last && last.chosen + 1 >= last.count) last = path.pop();
    if (!last) return runs + 1;
    path.push({ chosen: last.chosen + 1, count: last.count });
  }
  return runs;
}

/** `count` runs whose steps are drawn from `seed`. */
export async function sample<Result>(
  begin: () => Run<Result>,
  count: number,
  seed: number,
  visit: (result: Result) => void,
): Promise<void> {
  const random = generator(seed);
  for (let index = 0; index < count; index++) {
    const result = await begin().run((choices) => Math.floor(random() * choices));
    if (result) visit(result);
  }
}

/** Mulberry32: small, seeded, good enough to draw schedules. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
