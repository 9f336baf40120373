import { describeAdapter } from "@pixy/testing";
import type express from "express";
import type { Request } from "express";
// @ts-expect-error The types of two versions of Express cannot be installed side by side.
import express4 from "express4";
import { describe, it } from "vitest";
import { listen } from "../lib/listen.ts";
import { createExpressApp } from "./express-app.ts";

describeAdapter(
  { describe, it },
  {
    name: "Express 4",
    connects: true,
    headerOf: (req: Request, name) => req.get(name),
    start: (...instances) => listen(createExpressApp(express4 as typeof express, instances)),
  },
);
