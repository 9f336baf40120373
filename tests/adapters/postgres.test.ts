import { getRequestListener } from "@hono/node-server";
import { postgresStore } from "@pixy/postgres";
import { describeAdapter, type Runner } from "@pixy/testing";
import express from "express";
import { describe, it } from "vitest";
import { listen } from "../lib/listen.ts";
import { usePool, withPostgres } from "../lib/postgres.ts";
import { createExpressApp } from "./express-app.ts";
import { createHonoApp } from "./hono-app.ts";

/** What is said of sessions that live in cookies: with a store, a refresh changes no cookie. */
const ofCookies = [
  "leaves the app's own cookies and Vary in their place",
  "puts the new session into the answer, and the old one is not needed again",
];
const runner: Runner = {
  describe,
  it: (promise, body) => (ofCookies.includes(promise) ? undefined : it(promise, body)),
};

withPostgres("sessions in Postgres", () => {
  const postgres = usePool();

  const kept = <Options extends object>(instances: readonly Options[]) =>
    instances.map((options) => ({ ...options, store: postgresStore(postgres) }));

  describeAdapter(runner, {
    name: "Express 5",
    start: (...instances) => listen(createExpressApp(express, kept(instances))),
  });

  describeAdapter(runner, {
    name: "Hono on Node",
    start: (...instances) => listen(getRequestListener(createHonoApp(kept(instances)).fetch)),
  });
});
