import { PixyError } from "@pixy/core";

/** A store has no room for another record, and drops nobody else's to make some. */
export class StoreFullError extends PixyError {
  override readonly name: string = "StoreFullError";

  constructor() {
    super("There is no room for another record.", {
      code: "store_full",
      hint: "Raise `maxSessions` of the memory store, or keep records in Redis or in Durable Objects.",
    });
  }

  static override isInstance(value: unknown): value is StoreFullError {
    return PixyError.isInstance(value) && value.name === "StoreFullError";
  }
}
