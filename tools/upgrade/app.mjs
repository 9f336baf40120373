// One app for both releases: it uses only what both have, and its clock goes as fast as it is told.
import { createServer } from "node:http";
import { defineProvider, pixy } from "@pixy/express";
import { redisStore } from "@pixy/redis";
import express from "express";
import { createClient } from "redis";

const { BASE_URL, PORT, PROVIDER_URL, REDIS_URL, SESSION_SECRET } = process.env;
const client = REDIS_URL ? createClient({ url: REDIS_URL }) : null;
await client?.connect();
let ahead = 0;

const auth = pixy({
  provider: defineProvider({
    name: "upgrade",
    issuer: PROVIDER_URL,
    authorizationEndpoint: `${PROVIDER_URL}/authorize`,
    tokenEndpoint: `${PROVIDER_URL}/api/token`,
    api: `${PROVIDER_URL}/v1/`,
    allowInsecureLoopback: true,
    refreshTokens: { rotation: "rotating", retryUnknown: false },
  }),
  clientId: "upgrade",
  baseUrl: BASE_URL,
  secret: SESSION_SECRET,
  name: "upgrade",
  scope: ["user-read-private"],
  now: () => Date.now() + ahead,
  ...(client ? { store: redisStore(client) } : {}),
  async onLogin(login) {
    return { id: (await (await login.fetch("me")).json()).id };
  },
});

const app = express();
app.post("/advance", (req, res) => {
  ahead += Number(req.query.milliseconds);
  res.end();
});
app.use("/auth", auth.routes());
app.get("/me", auth.requireLogin(), async (_req, res) => {
  const answer = await res.locals.auth.fetch("me");
  res.status(answer.status).json({ ...(await answer.json()), kept: res.locals.auth.current.data });
});
app.use(auth.errorHandler());
createServer(app).listen(PORT, "127.0.0.1", () => console.log("listening"));
