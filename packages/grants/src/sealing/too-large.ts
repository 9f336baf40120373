import { PixyError } from "@pixy/core";

/** A session that does not fit into the cookies that browsers and proxies carry; nothing was written. */
export class SessionTooLargeError extends PixyError {
  override readonly name: string = "SessionTooLargeError";

  constructor(message: string, hint: string) {
    super(message, { code: "session_too_large", hint });
  }

  static override isInstance(value: unknown): value is SessionTooLargeError {
    return PixyError.isInstance(value) && value.name === "SessionTooLargeError";
  }
}
