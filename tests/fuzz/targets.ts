import { callbackTargets } from "./callbacks.ts";
import { challengeTargets } from "./challenges.ts";
import { cookieTargets } from "./cookies.ts";
import { optionTargets } from "./options.ts";
import { returnTargets } from "./return-paths.ts";
import type { Target } from "./target.ts";
import { tokenTargets } from "./token-answers.ts";

/** Every place where strangers' input comes in, and what a developer may get wrong. */
export const targets: readonly Target[] = [
  ...callbackTargets,
  ...cookieTargets,
  ...tokenTargets,
  ...challengeTargets,
  ...returnTargets,
  ...optionTargets,
];
