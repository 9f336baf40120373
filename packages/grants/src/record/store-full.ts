import { PixyError } from "@pixy/core";

const inMemory =
  "Raise `maxSessions` of the memory store, or keep records in Redis, in Postgres or in Durable Objects.";

/** A store has no room for another record, and drops nobody else's to make some. */
export class StoreFullError extends PixyError {
  override readonly name: string = "StoreFullError";

  /** `hint` says how to make room where the store is not in memory. */
  constructor({ hint = inMemory, cause }: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super("There is no room for another record.", { code: "store_full", hint, cause });
  }

  static override isInstance(value: unknown): value is StoreFullError {
    return PixyError.isInstance(value) && value.name === "StoreFullError";
  }
}
