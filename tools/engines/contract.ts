import { describeStore } from "@pixy/testing";
import { type ClientName, connect } from "./clients.ts";
import type { RedisEngine } from "./servers.ts";

export interface Kept {
  readonly promises: number;
  readonly broken: readonly string[];
}

/** Runs `describeStore`, eight promises at a time. */
export async function keepContract(client: ClientName, { name, ports }: RedisEngine): Promise<Kept> {
  const { store, close } = await connect(client, name, ports, `contract-${crypto.randomUUID()}:`);
  const rows: { readonly promise: string; readonly body: () => unknown }[] = [];
  const path: string[] = [];
  describeStore(
    {
      describe(chapter, body) {
        path.push(chapter);
        body();
        path.pop();
      },
      it: (promise, body) => void rows.push({ promise: [...path, promise].join(" "), body }),
    },
    { name: "", create: () => ({ store }) },
  );
  const promises = rows.length;
  const broken: string[] = [];
  const work = async () => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      try {
        await row.body();
      } catch (error) {
        broken.push(`${row.promise}: ${error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  await close();
  return { promises, broken };
}
