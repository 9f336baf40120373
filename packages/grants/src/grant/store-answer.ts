import type { MaybePromise } from "../record/record-store.ts";
import { StoreFullError } from "../record/store-full.ts";
import { storeUnavailable } from "./grant-error.ts";

/** A store that fails keeps what it has; one that is full says so itself. */
export async function answer<T>(step: () => MaybePromise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw StoreFullError.isInstance(error) ? error : storeUnavailable(error);
  }
}
