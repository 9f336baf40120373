import { durableObjectStore, type SessionObjectNamespace } from "@pixy/cloudflare";
import { memoryStore, type RecordStore } from "@pixy/hono";
import type { Environment, StoreName } from "example-shared/environment";

/** The values that `SESSION_STORE` may have on workerd. */
export const workerStores: readonly StoreName[] = ["cookie", "memory", "durable-object"];

/** Opens the store that the environment names; `undefined` keeps sessions in the cookie; the Durable Objects are in `bindings`. */
export function openWorkerStore(
  { store }: Environment,
  bindings: Readonly<Record<string, unknown>>,
): RecordStore | undefined {
  if (store === "durable-object") return durableObjectStore(bindings.SESSIONS as SessionObjectNamespace<unknown>);
  return store === "memory" ? memoryStore() : undefined;
}
