import type { Runner } from "../contract/runner.ts";
import type { Bench } from "./bench.ts";

/** What a chapter of the contract for stores is written with. */
export interface StoreChapter {
  readonly describe: Runner["describe"];
  /** A promise that every store keeps. */
  readonly row: (promise: string, body: (bench: Bench) => Promise<void>) => void;
}
