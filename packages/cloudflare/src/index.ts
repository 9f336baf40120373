export {
  type DurableObjectStoreOptions,
  durableObjectStore,
  type SessionObjectNamespace,
} from "./durable-object-store.ts";
export { type OwnersObjectState, PixyOwnersObject } from "./owners-object.ts";
export { PixySessionObject, type SessionObjectState } from "./session-object.ts";
