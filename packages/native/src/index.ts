// The login

// Where tokens live
export { memoryStore } from "@pixy/grants";
export { FileStoreError, type FileStoreErrorCode, LoginError, type LoginErrorCode } from "./errors.ts";
export { appDirectory, type Machine } from "./files/app-directory.ts";
export { type FileStore, type FileStoreOptions, fileStore } from "./files/file-store.ts";
export type { LoginLimits } from "./login/limits.ts";
export type { LoginWay } from "./login/way.ts";
export type { NativeOptions } from "./options.ts";
export {
  type LoginOptions,
  type LoginResult,
  type LoginStatus,
  type NativeAuth,
  type NativeRequestInit,
  pixy,
} from "./pixy.ts";
export { type LoginPrompt, writePrompt } from "./terminal/prompt.ts";
export { processTerminal, type Terminal } from "./terminal/terminal.ts";
