import type { OwnerEpochs, RecordIndex } from "@pixy/grants";
import type { OwnersOperation } from "./owners-object.ts";

/** Sends one step to the object of that name. */
export type SendToOwners = (name: string, operation: OwnersOperation) => Promise<unknown>;

/**
 * Parts of the index, each an object of its own, so that no single one takes every write of an app. What is noted of one
 * record is in one part; a question asks all parts at once. The number is for ever: with another one an isolate would look
 * for hints where nobody wrote them.
 */
const parts = 16;

/** Finds records by owner and by due time. */
export function durableObjectIndex(send: SendToOwners): RecordIndex {
  const ask = async <Found>(operation: OwnersOperation): Promise<Found[]> =>
    (await Promise.all(Array.from({ length: parts }, (_, part) => send(`index ${part}`, operation)))).flat() as Found[];

  return {
    async add(key, { owner, due }, ttl) {
      await send(partOf(key), ["add", key, owner, due, ttl]);
    },
    async remove(key) {
      await send(partOf(key), ["remove", key]);
    },
    ofOwner: (owner) => ask<string>(["ofOwner", owner]),
    async dueWithin(within, limit) {
      const found = await ask<{ key: string; due: number }>(["dueWithin", within, limit]);
      return found
        .sort((one, other) => one.due - other.due)
        .slice(0, limit)
        .map(({ key }) => key);
    },
  };
}

/** Counts per owner, each in an object of its own. */
export function durableObjectEpochs(send: SendToOwners): OwnerEpochs {
  return {
    of: (owner) => send(`epoch ${owner}`, ["epoch"]) as Promise<number>,
    advance: (owner, ttl) => send(`epoch ${owner}`, ["advance", ttl]) as Promise<number>,
  };
}

/** FNV-1a: spreads any keys evenly, and the same in every isolate. */
function partOf(key: string): string {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(key)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return `index ${hash % parts}`;
}
