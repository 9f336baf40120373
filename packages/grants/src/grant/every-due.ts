import type { RecordIndex } from "../record/record-store.ts";
import { answer } from "./store-answer.ts";

const firstPage = 256;

/**
 * The keys that are due within a time, each once. What is looked after leaves the index, so a run that was ended goes on
 * where it stopped; what could not be looked after stays, and is passed over by asking for ever more.
 *
 * Each page is shuffled: several workers at once then seldom meet at one record, and one provider is not asked in a row.
 */
export async function* everyDue(
  index: RecordIndex,
  within: number,
  signal?: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const seen = new Set<string>();
  for (let limit = firstPage; ; limit *= 2) {
    const due = await answer(() => index.dueWithin(within, limit));
    const fresh = due.filter((key) => !seen.has(key));
    for (const key of shuffled(fresh)) {
      if (signal?.aborted) return;
      seen.add(key);
      yield key;
    }
    if (due.length < limit && fresh.length === 0) return;
  }
}

function shuffled(keys: readonly string[]): string[] {
  const list = [...keys];
  for (let last = list.length - 1; last > 0; last--) {
    const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
    const other = drawn % (last + 1);
    [list[last], list[other]] = [list[other] as string, list[last] as string];
  }
  return list;
}
