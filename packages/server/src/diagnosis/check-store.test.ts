import type { RecordStore } from "@pixy/grants";
import { memoryStore } from "@pixy/grants";
import { spotify } from "@pixy/providers/spotify";
import { describe, expect, it } from "vitest";
import { readOptions } from "../settings/settings.ts";
import { checkStore } from "./check-store.ts";

const secret = "VN3jH2-qK0cUuRzv7mZcXbq4pZy1rJd8sTgWfLkEoAQ";

async function check(store?: RecordStore) {
  const options = { provider: spotify, clientId: "client", baseUrl: "https://app.example", secret, store };
  const findings = await checkStore(readOptions(options));
  return findings.map(({ level, code }) => `${level} ${code}`);
}

/** A store of somebody's own, which is good but for one method. */
function storeWith(change: Partial<RecordStore>): RecordStore {
  const good = memoryStore();
  const methods = ["read", "acquire", "commit", "end", "release", "touch", "delete", "create", "replace"] as const;
  const bound = Object.fromEntries(methods.map((name) => [name, (good[name] as () => unknown).bind(good)]));
  return { name: "own", reach: "shared", ...bound, ...change } as RecordStore;
}

describe("checkStore", () => {
  it("leaves cookies alone", async () => {
    expect(await check()).toEqual(["fine store"]);
  });

  it("warns of a store that a restart empties", async () => {
    expect(await check(memoryStore())).toEqual(["warning store_in_memory"]);
  });

  it("leaves nothing behind in a shared store", async () => {
    const keys: string[] = [];
    const good = memoryStore();
    const store = storeWith({
      replace: (key, sealed, ttl) => {
        keys.push(key);
        return good.replace(key, sealed, ttl);
      },
      read: (key) => good.read(key),
      delete: (key) => good.delete(key),
    });
    expect(await check(store)).toEqual(["fine store"]);
    expect(keys).toHaveLength(1);
    expect(await good.read(keys[0] ?? "")).toBeNull();
  });

  it.each([
    ["cannot be reached", { replace: () => Promise.reject(new Error("ECONNREFUSED")) }, "store_unreachable"],
    ["throws at once", { read: (): null => JSON.parse("{") }, "store_unreachable"],
    ["loses records", { read: (): null => null }, "store_unreliable"],
    ["deletes nothing", { delete: (): undefined => undefined }, "store_unreliable"],
  ] as const)("fails for a store that %s", async (_what, change, code) => {
    expect(await check(storeWith(change))).toEqual([`failure ${code}`]);
  });
});
