import { getRequestListener } from "@hono/node-server";
import { describeAdapter } from "@pixy/testing";
import type { Context } from "hono";
import { describe, it } from "vitest";
import { listen } from "../lib/listen.ts";
import { createHonoApp } from "./hono-app.ts";

describeAdapter(
  { describe, it },
  {
    name: "Hono",
    connects: true,
    headerOf: (c: Context, name) => c.req.header(name),
    start: (...instances) => listen(getRequestListener(createHonoApp(instances).fetch)),
  },
);
