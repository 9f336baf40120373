import process from "node:process";
import { LoginError } from "../errors.ts";

/** What ends a login that came to no end by itself. */
export interface LoginLimits {
  /** Seconds; default 300. `Infinity` for none. */
  readonly timeLimit?: number | undefined;
  /** Rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds, 23 days. A timer that is set for more than 24 ends at once. */
const longestTimer = 2_000_000_000;

/** Runs a login until it ends, the time is over, somebody presses Ctrl-C, or `signal` aborts; then `work` is told to stop. */
export async function withLimits<T>(
  { timeLimit = 300, signal }: LoginLimits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const interrupt = (): void => controller.abort(cancelled("Ctrl-C was pressed."));
  const timer = setTimeout(() => controller.abort(late(timeLimit)), Math.min(timeLimit * 1000, longestTimer));
  signal?.addEventListener("abort", abort);
  process.once("SIGINT", interrupt);
  try {
    const working = work(controller.signal);
    const ended = new Promise<never>((_, reject) => {
      controller.signal.addEventListener("abort", () => reject(controller.signal.reason));
    });
    // It gives up what it holds, such as a port, before the error is told.
    return await Promise.race([working, ended]).catch(async (error: unknown) => {
      controller.abort(error);
      await working.catch(() => {});
      throw error;
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    process.removeListener("SIGINT", interrupt);
  }
}

/** Rejects as soon as `signal` aborts. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

export function cancelled(message: string): LoginError {
  return new LoginError(message, { code: "login_cancelled", hint: "Nothing was changed. Log in again when you like." });
}

function late(seconds: number): LoginError {
  return new LoginError(`Nobody logged in within ${seconds} seconds.`, {
    code: "login_timed_out",
    hint: "Nothing was changed. Log in again, and finish in the browser; timeLimit gives more time.",
  });
}
