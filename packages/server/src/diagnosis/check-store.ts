import { generateState } from "@pixy/core";
import { storeKey } from "@pixy/grants";
import type { Settings } from "../settings/settings.ts";
import { type Finding, failure, fine, inTime, reasonOf, warning } from "./finding.ts";

/** Creates, reads and deletes a record of its own in the session store. */
export async function checkStore<Data>({ store }: Settings<Data>): Promise<Finding[]> {
  if (store === null) return [fine("store", "Sessions live in the browser's cookie: there is no store.")];
  const key = await storeKey(`diagnosis ${generateState()}`);
  const sealed = "a record of the diagnosis, which lives for a minute";
  try {
    await inTime(Promise.resolve(store.replace(key, sealed, 60_000)));
    const created = await inTime(Promise.resolve(store.read(key)));
    await inTime(Promise.resolve(store.delete(key)));
    const deleted = await inTime(Promise.resolve(store.read(key)));
    if (created?.sealed !== sealed || deleted !== null) {
      const what = created?.sealed === sealed ? "still has a record that was deleted" : "lost a record at once";
      const hint = "Run describeStore of @pixy/testing against it; is it a replica, or a cache that evicts?";
      return [failure("store_unreliable", `The store ${store.name} ${what}.`, hint)];
    }
  } catch (error) {
    const hint = "Start it, or correct its address and its password.";
    return [failure("store_unreachable", `The store ${store.name} cannot be used: ${reasonOf(error)}.`, hint)];
  }
  if (store.reach === "shared") {
    return [fine("store", `The store ${store.name} creates, reads and deletes; every process sees the same sessions.`)];
  }
  const message = `The store ${store.name} is the memory of one process: a restart logs everybody out.`;
  return [
    warning("store_in_memory", message, "Leave `store` out for sealed cookies, or use @pixy/redis or @pixy/postgres."),
  ];
}
