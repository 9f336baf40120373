import { describeAdapter } from "@pixy/testing";
import express, { type Request } from "express";
import { describe, it } from "vitest";
import { listen } from "../lib/listen.ts";
import { createExpressApp } from "./express-app.ts";

describeAdapter(
  { describe, it },
  {
    name: "Express 5",
    connects: true,
    headerOf: (req: Request, name) => req.get(name),
    start: (...instances) => listen(createExpressApp(express, instances)),
  },
);
