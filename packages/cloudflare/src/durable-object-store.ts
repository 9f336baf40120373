import type { Acquired, CommitResult, Operation, RecordStore, StoredRecord } from "@pixy/grants";
import { durableObjectEpochs, durableObjectIndex } from "./durable-object-owners.ts";

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

export interface DurableObjectStoreOptions<OwnersId> {
  /**
   * The binding of `PixyOwnersObject`. With it the store has an index by owner and by due time, and an epoch per owner:
   * what `upkeep`, `list` and ending everything of one person need.
   */
  readonly owners?: SessionObjectNamespace<OwnersId>;
}

/**
 * Keeps each record in a Durable Object of its own, so that all isolates see the same ones and a refresh is one for
 * all of them. `namespace` is the binding of `PixySessionObject`; what the platform rejects with is passed on.
 *
 * @throws TypeError when a binding is missing
 *
 * @example
 * const store = durableObjectStore(env.SESSIONS, { owners: env.OWNERS });
 */
export function durableObjectStore<Id, OwnersId = Id>(
  namespace: SessionObjectNamespace<Id>,
  options: DurableObjectStoreOptions<OwnersId> = {},
): RecordStore {
  checkBinding("durableObjectStore needs", namespace, "PixySessionObject");
  const send = sender("record", namespace);
  const take = (key: string, ...operation: Operation): Promise<unknown> => send(key, operation);

  return {
    name: "durable-object",
    reach: "shared",
    async create(key, sealed, ttl) {
      // An object that still runs the first release creates, and says nothing.
      return ((await take(key, "create", sealed, ttl)) as "created" | "exists" | null) ?? "created";
    },
    async replace(key, sealed, ttl) {
      await take(key, "replace", sealed, ttl);
    },
    async read(key) {
      return (await take(key, "read")) as StoredRecord | null;
    },
    async acquire(key, { lease, intent }) {
      return (await take(key, "acquire", { lease, intent })) as Acquired;
    },
    async commit(key, fence, sealed, ttl) {
      return (await take(key, "commit", fence, sealed, ttl)) as CommitResult;
    },
    async end(key, fence, ttl) {
      return (await take(key, "end", fence, ttl)) as CommitResult;
    },
    async release(key, fence, options = {}) {
      await take(key, "release", fence, options);
    },
    async touch(key, ttl) {
      await take(key, "touch", ttl);
    },
    async delete(key) {
      return (await take(key, "delete")) as StoredRecord | null;
    },
    ...ownersOf(options),
  };
}

function ownersOf<Id>(options: DurableObjectStoreOptions<Id>): Pick<RecordStore, "index" | "epochs"> {
  if (!("owners" in options)) return {};
  checkBinding("The option owners of durableObjectStore needs", options.owners, "PixyOwnersObject");
  const send = sender("index", options.owners);
  return { index: durableObjectIndex(send), epochs: durableObjectEpochs(send) };
}

function sender<Id>(
  what: string,
  namespace: SessionObjectNamespace<Id>,
): (name: string, body: unknown) => Promise<unknown> {
  return async (name, body) => {
    const answer = await namespace
      .get(namespace.idFromName(name))
      .fetch("https://session/", { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`The ${what}'s Durable Object answered ${answer.status}.`);
    return answer.json();
  };
}

function checkBinding<Id>(
  needs: string,
  namespace: SessionObjectNamespace<Id> | undefined,
  of: string,
): asserts namespace is SessionObjectNamespace<Id> {
  if (typeof namespace?.idFromName === "function") return;
  throw new TypeError(
    `${needs} a Durable Object binding of ${of}. Add it to durable_objects.bindings in wrangler.jsonc and pass it as ` +
      "env.<binding name>.",
  );
}
