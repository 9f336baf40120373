import { describeAdapter } from "@pixy/testing";
import express from "express";
import { describe, it } from "vitest";
import { listen } from "../lib/listen.ts";
import { createExpressApp } from "./express-app.ts";

describeAdapter(
  { describe, it },
  { name: "Express 5", connects: true, start: (...instances) => listen(createExpressApp(express, instances)) },
);
