/** The contract's app on Express as a process of its own, with sessions in the Postgres of `DATABASE_URL`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { NewLogin } from "@pixy/express";
import { postgresStore } from "@pixy/postgres";
import { spotifyAt } from "@pixy/providers/spotify";
import type { AdapterProfile } from "@pixy/testing";
import express from "express";
import { Client, Pool } from "pg";
import { createExpressApp } from "../adapters/express-app.ts";
import { otherSecret } from "../lib/web-app.ts";

const { DATABASE_URL, PROVIDER_URL = "" } = process.env;
const server = createServer().listen(0, "127.0.0.1", () => {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pool = new Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 2_000, query_timeout: 3_000 });
  const options = {
    provider: spotifyAt(PROVIDER_URL),
    clientId: "pixy-demo",
    baseUrl,
    secret: otherSecret,
    name: "pixy-express",
    scope: ["user-read-private"],
    longestPause: 10,
    store: postgresStore({ pool, listenWith: () => new Client({ connectionString: DATABASE_URL }) }),
    async onLogin(login: NewLogin): Promise<AdapterProfile> {
      const me = (await (await login.fetch("/v1/me")).json()) as { display_name: string };
      return { name: me.display_name };
    },
  };
  server.on("request", createExpressApp(express, [options]));
  console.log(`listening on ${baseUrl} `);
});
