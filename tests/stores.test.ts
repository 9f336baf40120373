import { memoryStore } from "@pixy/grants";
import { createClock, describeStore } from "@pixy/testing";
import { describe, it } from "vitest";

const room = 4;

const createWith = (options: { readonly maxSessions?: number }) => () => {
  const { now, advance } = createClock();
  return { store: memoryStore({ now, ...options }), advance };
};

describeStore(
  { describe, it },
  { name: "memoryStore", create: createWith({}), small: { room, create: createWith({ maxSessions: room }) } },
);

describeStore(
  { describe, it },
  { name: "memoryStore on the process' own clock", create: () => ({ store: memoryStore() }) },
);
