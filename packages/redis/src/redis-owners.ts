import type { OwnerEpochs, RecordIndex } from "@pixy/grants";
import * as scripts from "./owner-scripts.ts";

/** Runs a script on keys of one slot. */
export type Run = (script: string, keys: readonly string[], ...parameters: (string | number)[]) => Promise<unknown>;

/**
 * Parts of the index, each in a slot of its own, so that the nodes of a cluster share what it holds. What is noted of one
 * record is in one part and changes in one step; a question asks all parts at once. The number is for ever: with another
 * one a process would look for hints where nobody wrote them.
 */
const parts = 16;

/** Finds records by owner and by due time. */
export function redisIndex(run: Run, prefix: string): RecordIndex {
  const keysOf = (part: number): readonly string[] =>
    ["notes", "owners", "dues", "ends"].map((name) => `${prefix}{index-${part}}:${name}`);
  const ask = (script: string, ...parameters: (string | number)[]): Promise<unknown[][]> =>
    Promise.all(
      Array.from({ length: parts }, async (_, part) => (await run(script, keysOf(part), ...parameters)) as unknown[]),
    );

  return {
    async add(key, { owner, due }, ttl) {
      await run(scripts.add, keysOf(partOf(key)), key, owner ?? "", due ?? "", ttl);
    },
    async remove(key) {
      await run(scripts.remove, keysOf(partOf(key)), key);
    },
    async ofOwner(owner) {
      return (await ask(scripts.ofOwner, owner)).flat().map(String);
    },
    async dueWithin(within, limit) {
      const due = (await ask(scripts.dueWithin, within, limit)).flatMap(pairs);
      return due
        .sort((one, other) => one.moment - other.moment)
        .slice(0, limit)
        .map(({ key }) => key);
    },
  };
}

/** Counts per owner, each under a key of its own. */
export function redisEpochs(run: Run, prefix: string): OwnerEpochs {
  return {
    async of(owner) {
      return Number(await run(scripts.epochOf, [`${prefix}epoch:${owner}`]));
    },
    async advance(owner, ttl) {
      return Number(await run(scripts.advanceEpoch, [`${prefix}epoch:${owner}`], ttl));
    },
  };
}

/** FNV-1a: spreads any keys evenly, and the same in every process. */
function partOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const octet of new TextEncoder().encode(key)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash % parts;
}

function pairs(reply: readonly unknown[]): { key: string; moment: number }[] {
  const found: { key: string; moment: number }[] = [];
  for (let i = 0; i < reply.length; i += 2) found.push({ key: String(reply[i]), moment: Number(reply[i + 1]) });
  return found;
}
