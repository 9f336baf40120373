import { cookieStore, memoryStore, type SessionStore } from "@pixy/hono";
import type { Environment, StoreName } from "example-shared/environment";

/** The values that `SESSION_STORE` may have on workerd. */
export const workerStores: readonly StoreName[] = ["cookie", "memory"];

/** Opens the store that the environment names; a store on bindings finds them in `bindings`. */
export function openWorkerStore({ store }: Environment, _bindings: Readonly<Record<string, unknown>>): SessionStore {
  return store === "memory" ? memoryStore() : cookieStore();
}
