import { memoryStore, storeKey } from "@pixy/grants";
import { expect, it } from "vitest";
import { moment } from "../../test/content.ts";
import { settingsWith } from "../../test/settings.ts";
import type { PixyEvent } from "../settings/events.ts";
import { nobody } from "./found.ts";
import { createSessionRecords, type FoundRecord } from "./session-records.ts";

const id = "A".repeat(43);
const day = 86_400_000;

function world() {
  const clock = { at: moment };
  const now = () => clock.at;
  const events: PixyEvent[] = [];
  const memory = memoryStore({ now });
  const touched: number[] = [];
  const store: typeof memory = {
    ...memory,
    touch(key, ttl) {
      touched.push(ttl);
      return memory.touch(key, ttl);
    },
  };
  const settings = settingsWith({ now, onEvent: (event) => void events.push(event) });
  return { clock, events, store, touched, records: createSessionRecords(settings, store) };
}

it("a record is found by the id in the cookie, and by no other", async () => {
  const { records, store, events } = world();
  const key = await storeKey(id);
  await store.create(key, "sealed", day);
  const opened: FoundRecord[] = [];
  const open = async (found: FoundRecord) => {
    opened.push(found);
    return nobody;
  };
  const find = async (cookie: string) => records.find(cookie, open);
  expect(await find(`__Host-pixy=${id}`)).toBe(nobody);
  expect(opened).toMatchObject([{ id, key, stored: { sealed: "sealed" } }]);
  expect(await find(`__Host-pixy=${"B".repeat(43)}`)).toMatchObject({ foreign: true });
  expect([await find("__Host-pixy=x"), events]).toMatchObject([{ foreign: true }, [{ reason: "foreign" }]]);
});

it("a store is told seldom that a record is in use", async () => {
  const { records, clock, touched } = world();
  for (let hours = 0; hours < 30 * 24; hours += 6) {
    await records.prolong("key", moment, moment);
    clock.at += day / 4;
  }
  expect(touched).toHaveLength(9);
});

it("records that were there are ended and told, and what the index noted goes with them", async () => {
  const { records, store, events } = world();
  await records.index?.addOwner("key-of-a-session", "ada", day);
  await store.create("key-of-a-session", "sealed", day);
  expect(await records.index?.keysOfOwner("ada")).toEqual(["key-of-a-session"]);
  expect(await records.endEach(["key-of-a-session", "another"], "app")).toBe(1);
  expect(events).toEqual([{ type: "session.ended", session: "key-of-a", reason: "app" }]);
  expect([await records.index?.keysOfOwner("ada"), await store.read("key-of-a-session")]).toEqual([[], null]);
});
