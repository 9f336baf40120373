import { ConfigurationError } from "@pixy/core";
import { defaultTiming, monotonicMilliseconds, type RefreshStore, type UpdateWorld, updateSession } from "@pixy/grants";
import { loginRequired, providerUnavailable, reauthRequired } from "../errors.ts";
import { readSessionData } from "./session-data.ts";
import { storeAnswer } from "./store-answer.ts";

/** What sets the update of one kind of session apart. */
export type UpdateParts<Session extends { readonly key: string }> = Pick<UpdateWorld<Session>, "open" | "change">;

/**
 * Changes one session from the newest that is kept, under the refresh's lease and fence.
 *
 * @throws RequestError `login_required`, `reauth_required`, `store_unavailable`; `provider_unavailable` while a refresh takes
 *   too long; and what `change` throws
 */
export async function updateRecord<Session extends { readonly key: string }>(
  store: RefreshStore,
  key: string,
  parts: UpdateParts<Session>,
): Promise<Session> {
  const world: UpdateWorld<Session> = {
    ...parts,
    store: {
      ...store,
      acquire: (name, options) => storeAnswer(() => store.acquire(name, options)),
      commit: (name, fence, sealed, ttl) => storeAnswer(() => store.commit(name, fence, sealed, ttl)),
    },
    timing: defaultTiming,
    elapsed: monotonicMilliseconds,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
  const outcome = await updateSession(world, { key });
  switch (outcome.outcome) {
    case "updated":
      return outcome.session;
    case "busy":
      throw providerUnavailable(1_000, "A refresh of this session takes too long.");
    case "ended":
      throw outcome.reason === "refused" ? reauthRequired("ended") : loginRequired();
  }
}

/**
 * Puts members of new data in the place of those before; one that is `undefined` is taken away.
 *
 * @throws ConfigurationError `invalid_option` for what is no object, and for what JSON would lose or change
 */
export function mergeData<Data>(before: Data, change: unknown): Data {
  if (typeof change !== "object" || change === null || Array.isArray(change)) {
    throw new ConfigurationError("A change of session.data is an object.", {
      ...{
        code: "invalid_option",
        option: "data",
        hint: 'Give the members that change, such as update({ theme: "dark" }).',
      },
    });
  }
  return readSessionData({ ...before, ...change }) as Data;
}
