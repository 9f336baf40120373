// Sign in with Apple

export { type AppleOptions, type AppleRegistration, apple } from "./apple.ts";

// Who it is

export type { AppleClaims } from "./apple-claims.ts";
export { type AppleName, appleName } from "./apple-name.ts";
