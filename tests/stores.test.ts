import { cookieStore, memoryStore } from "@pixy/server";
import { createClock, describeStore } from "@pixy/testing";
import { describe, it } from "vitest";

const room = 4;

for (const [name, makeStore] of Object.entries({ memoryStore, cookieStore })) {
  const createWith = (options: { readonly maxSessions?: number }) => () => {
    const { now, advance } = createClock();
    return { store: makeStore({ now, ...options }), advance };
  };
  describeStore(
    { describe, it },
    { name, create: createWith({}), small: { room, create: createWith({ maxSessions: room }) } },
  );
}

describeStore(
  { describe, it },
  { name: "memoryStore on the process' own clock", create: () => ({ store: memoryStore() }) },
);
