import type { Runner } from "../runner.ts";
import type { Bench } from "./bench.ts";

type Row = (promise: string, body: (bench: Bench) => Promise<void>) => void;

/** What a chapter of the contract for stores is written with. */
export interface StoreChapter {
  readonly describe: Runner["describe"];
  /** A promise that every store keeps. */
  readonly row: Row;
  /** A promise that a browser's cookie keeps in place of a store which leaves sessions there. */
  readonly kept: Row;
}
