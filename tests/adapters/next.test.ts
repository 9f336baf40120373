import { describeAdapter } from "@pixy/testing";
import { describe, it } from "vitest";
import { prepareNext } from "./next-server.ts";

describeAdapter(
  { describe, it },
  {
    name: "Next 16",
    connects: true,
    headerOf: (request: Request, name) => request.headers.get(name),
    start: prepareNext(),
  },
);
