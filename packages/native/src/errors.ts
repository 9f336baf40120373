import { PixyError, type PixyErrorInput } from "@pixy/core";

export type LoginErrorCode =
  | "login_required"
  | "login_cancelled"
  | "login_timed_out"
  | "device_login_refused"
  | "device_code_expired"
  | "login_not_started"
  | "port_in_use";

/** Reports that somebody has to log in, or that a login came to no end; the tokens that there were are kept. */
export class LoginError extends PixyError {
  override readonly name: string = "LoginError";
  declare readonly code: LoginErrorCode;

  constructor(message: string, input: PixyErrorInput & { readonly code: LoginErrorCode }) {
    super(message, input);
  }

  static override isInstance(value: unknown): value is LoginError {
    return PixyError.isInstance(value) && value.name === "LoginError";
  }
}

export type FileStoreErrorCode = "file_exposed" | "file_unreadable" | "file_system_unsuited";

/** Reports files of tokens that must not or cannot be used. */
export class FileStoreError extends PixyError {
  override readonly name: string = "FileStoreError";
  declare readonly code: FileStoreErrorCode;

  constructor(message: string, input: PixyErrorInput & { readonly code: FileStoreErrorCode }) {
    super(message, input);
  }

  static override isInstance(value: unknown): value is FileStoreError {
    return PixyError.isInstance(value) && value.name === "FileStoreError";
  }
}

/** `command` is what to run. */
export function loginRequired(command: string, cause?: unknown): LoginError {
  return new LoginError("Nobody is logged in.", {
    code: "login_required",
    hint: `Run: ${command}`,
    cause,
  });
}
