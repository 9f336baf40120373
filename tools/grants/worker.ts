/** One process of the proof: asks for tokens when it is told to, and dies or stops where it is told to. */
import type { Provider } from "@pixy/core";
import { createGrants, type RecordStore } from "@pixy/grants";
import { spotifyAt } from "@pixy/providers/spotify";
import type { KillPoint, Order } from "./order.ts";
import { openStore, withoutOf } from "./store.ts";

const { PROVIDER_URL = "", STORE_URL = "", PREFIX = "", SECRET = "" } = process.env;
let order: Order | null = null;

/** The end of this process, if this is where it was told to meet it. */
function at(point: KillPoint): void {
  if (order?.dieAt !== point) return;
  const { signal = "SIGKILL" } = order;
  // Once: whoever was stopped and goes on has been here.
  order = null;
  process.send?.({ reached: point });
  process.kill(process.pid, signal);
}

function watched(store: RecordStore): RecordStore {
  return {
    ...store,
    async acquire(...given) {
      at("before the lease");
      const acquired = await store.acquire(...given);
      if (acquired.state === "acquired") at("after the lease");
      return acquired;
    },
    async commit(...given) {
      at("before the save");
      const result = await store.commit(...given);
      at("after the save");
      return result;
    },
  };
}

async function watchedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const isToken = String(input).endsWith("/api/token");
  if (isToken) at("before the request");
  const response = await fetch(input, init);
  if (isToken) at("after the answer");
  return response;
}

const { store } = await openStore(STORE_URL, PREFIX);
const provider: Provider = spotifyAt(PROVIDER_URL, { rotation: "rotating", retryUnknown: false });
const grants = createGrants({
  ...{ providers: { spotify: { provider, clientId: "proof" } }, secret: SECRET, onEvent: () => {} },
  ...{ store: watched(store), fetch: watchedFetch, without: withoutOf(store) },
});

process.on("message", async (given: Order) => {
  if (given.dieAt !== undefined) order = given;
  const theirs = grants.of({ owner: given.owner });
  const counts: Record<string, number> = {};
  const ask = async (): Promise<string> => {
    try {
      return String((await theirs.fetch("/v1/me")).status);
    } catch (error) {
      return (error as { readonly code?: string }).code ?? String(error);
    }
  };
  for (const answer of await Promise.all(Array.from({ length: given.calls }, ask))) {
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  process.send?.({ id: given.id, report: counts });
});
process.on("disconnect", () => process.exit());
process.send?.({ isReady: true });
