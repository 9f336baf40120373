import type { Acquired, CommitResult, Operation, RecordStore, StoredRecord } from "@pixy/grants";

/** What the store needs of a `DurableObjectNamespace` binding. */
export interface SessionObjectNamespace<Id> {
  idFromName(name: string): Id;
  get(id: Id): { fetch(url: string, init: { method: string; body: string }): Promise<ObjectAnswer> };
}

interface ObjectAnswer {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<unknown>;
}

/**
 * Keeps each record in a Durable Object of its own, so that all isolates see the same ones and a refresh is one for
 * all of them. `namespace` is the binding of `PixySessionObject`; what the platform rejects with is passed on.
 *
 * Throws `TypeError` when the binding is missing.
 */
export function durableObjectStore<Id>(namespace: SessionObjectNamespace<Id>): RecordStore {
  if (typeof namespace?.idFromName !== "function") {
    throw new TypeError(
      "durableObjectStore needs a Durable Object binding of PixySessionObject. Add it to durable_objects.bindings in " +
        "wrangler.jsonc and pass it as env.<binding name>.",
    );
  }
  const send = async (key: string, ...operation: Operation): Promise<unknown> => {
    const answer = await namespace
      .get(namespace.idFromName(key))
      .fetch("https://session/", { method: "POST", body: JSON.stringify(operation) });
    if (!answer.ok) throw new Error(`The record's Durable Object answered ${answer.status}.`);
    return answer.json();
  };

  return {
    name: "durable-object",
    reach: "shared",
    async create(key, sealed, ttl) {
      // An object that still runs the first release creates, and says nothing.
      return ((await send(key, "create", sealed, ttl)) as "created" | "exists" | null) ?? "created";
    },
    async replace(key, sealed, ttl) {
      await send(key, "replace", sealed, ttl);
    },
    async read(key) {
      return (await send(key, "read")) as StoredRecord | null;
    },
    async acquire(key, { lease, intent }) {
      return (await send(key, "acquire", { lease, intent })) as Acquired;
    },
    async commit(key, fence, sealed, ttl) {
      return (await send(key, "commit", fence, sealed, ttl)) as CommitResult;
    },
    async end(key, fence, ttl) {
      return (await send(key, "end", fence, ttl)) as CommitResult;
    },
    async release(key, fence, options = {}) {
      await send(key, "release", fence, options);
    },
    async touch(key, ttl) {
      await send(key, "touch", ttl);
    },
    async delete(key) {
      await send(key, "delete");
    },
  };
}
