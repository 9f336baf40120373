export interface DeadlineOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** Milliseconds, 23 days. A timer that is set for more than 24 ends at once. */
export const longestTimer = 2_000_000_000;

/**
 * Runs `work` until it ends, `signal` aborts (rejects with its reason) or `timeout` passes (rejects with `late()`).
 * It ends in time also when `work` does not listen to its signal.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: DeadlineOptions,
  late?: () => Error,
): Promise<T> {
  const { signal, timeout } = options;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  const timer = late && setTimeout(() => controller.abort(late()), Math.min(timeout ?? 10_000, longestTimer));
  try {
    return await new Promise<T>((resolve, reject) => {
      // First in line, so that our reason wins over the AbortError of fetch.
      controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
      work(controller.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
