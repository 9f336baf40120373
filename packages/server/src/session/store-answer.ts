import { type MaybePromise, StoreFullError } from "@pixy/grants";
import { storeFull, storeUnavailable } from "../errors.ts";

/** A store that fails says 503 to the person and keeps the session; one that is full says so itself. */
export function storeAnswer<T>(step: () => MaybePromise<T>): MaybePromise<T> {
  try {
    const value = step();
    return value instanceof Promise ? value.catch(fail) : value;
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): never {
  throw StoreFullError.isInstance(error) ? storeFull(error) : storeUnavailable(error);
}
