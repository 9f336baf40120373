export { durableObjectStore, type SessionObjectNamespace } from "./durable-object-store.ts";
export { PixySessionObject, type SessionObjectState } from "./session-object.ts";
