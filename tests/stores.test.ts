import { cookieStore, memoryStore } from "@pixy/server";
import { createClock, describeStore } from "@pixy/testing";
import { describe, it } from "vitest";

describeStore(
  { describe, it },
  {
    name: "memoryStore",
    create: () => {
      const { now, advance } = createClock();
      return { store: memoryStore({ now }), advance };
    },
  },
);

describeStore(
  { describe, it },
  {
    name: "cookieStore",
    create: () => {
      const { now, advance } = createClock();
      return { store: cookieStore({ now }), advance };
    },
  },
);

describeStore(
  { describe, it },
  { name: "memoryStore on the process' own clock", create: () => ({ store: memoryStore() }) },
);
