/** One of several processes of one app, whose sessions are in Redis; tells its origin over the IPC channel. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pixy } from "@pixy/express";
import { spotifyAt } from "@pixy/providers/spotify";
import { redisStore } from "@pixy/redis";
import express from "express";
import { createClient } from "redis";

const [provider = "", baseUrl = "", secret = ""] = process.argv.slice(2);
const client = await createClient({ url: process.env.REDIS_URL ?? "" }).connect();
const store = redisStore(client);
const auth = pixy({ provider: spotifyAt(provider), clientId: "bench", baseUrl, secret, store });
const app = express().get("/me", auth.requireLogin(), async (_req, res) => {
  res.json({ token: (await res.locals.auth.accessToken()).length });
});
const server = createServer(app).listen(0, "127.0.0.1");
await once(server, "listening");
process.on("disconnect", () => process.exit());
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
