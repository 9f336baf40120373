import { GrantError, StoreFullError } from "@pixy/grants";
import { storeFull, storeUnavailable } from "../errors.ts";

/** What `grants` says of a store that is away or full, as the answer to a request. */
export async function grantAnswer<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (StoreFullError.isInstance(error)) throw storeFull(error);
    throw GrantError.isInstance(error) && error.code === "store_unavailable" ? storeUnavailable(error) : error;
  }
}
