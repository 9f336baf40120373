import type { Page } from "../browser/visit.ts";
import { matches } from "../contract/assertion.ts";
import type { Runner } from "../contract/runner.ts";
import type { AdapterStage } from "./stage.ts";

/** What a chapter of the contract for adapters is written with. */
export interface AdapterChapter {
  readonly describe: Runner["describe"];
  /** A promise; `paths` are those of the app's instances, one at the root unless given. */
  row(promise: string, body: (stage: AdapterStage) => Promise<void>, paths?: readonly string[]): void;
}

/** Whatever depends on who asks is for no cache between the app and the browser. */
export function isPrivate(page: Page): void {
  matches(page.headers.get("cache-control"), /^private, no-store(,|$)/, "Cache-Control");
  matches(page.headers.get("vary"), /\bCookie\b/i, "Vary");
}
