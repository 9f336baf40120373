import { storeUnavailable } from "./errors.ts";
import type { MaybePromise } from "./session-store.ts";

/** A store that fails says 503 to the person and keeps the session. */
export function storeAnswer<T>(step: () => MaybePromise<T>): MaybePromise<T> {
  try {
    const value = step();
    return value instanceof Promise
      ? value.catch((error: unknown) => {
          throw storeUnavailable(error);
        })
      : value;
  } catch (error) {
    throw storeUnavailable(error);
  }
}
