const most = 30;
/** Milliseconds. */
const minute = 60_000;

/**
 * Makes a function that tells whether one more line may be printed: 30 in a minute, so that nobody who can cause one
 * fills a disk. After the last of them it prints that others are left out.
 */
export function createLineLimit(now: () => number): () => boolean {
  let since = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    const at = now();
    if (at < since || at - since >= minute) {
      since = at;
      count = 0;
    }
    count++;
    if (count === most + 1) console.warn("[pixy] More lines like these are left out for a minute.");
    return count <= most;
  };
}
