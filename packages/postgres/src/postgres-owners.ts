import type { OwnerEpochs, RecordIndex } from "@pixy/grants";
import { unescaped } from "./escaped.ts";
import type { Row } from "./postgres-pool.ts";

/** Finds records by owner and by due time. */
export function postgresIndex(call: (name: string, ...values: unknown[]) => Promise<readonly Row[]>): RecordIndex {
  const keys = (rows: readonly Row[]): string[] => rows.map((row) => unescaped(String(Object.values(row)[0])));
  return {
    async add(key, { owner, due }, ttl) {
      await call("note", key, owner, due, ttl);
    },
    async remove(key) {
      await call("forget", key);
    },
    async ofOwner(owner) {
      return keys(await call("of_owner", owner));
    },
    async dueWithin(within, limit) {
      return keys(await call("due", within, limit));
    },
  };
}

/** Counts per owner. */
export function postgresEpochs(answerOf: (name: string, ...values: unknown[]) => Promise<unknown>): OwnerEpochs {
  return {
    async of(owner) {
      return Number(await answerOf("epoch", owner));
    },
    async advance(owner, ttl) {
      return Number(await answerOf("advance", owner, ttl));
    },
  };
}
