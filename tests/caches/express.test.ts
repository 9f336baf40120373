import { fileURLToPath } from "node:url";
import { pixy } from "@pixy/express";
import type { PixyOptions } from "@pixy/server";
import type { AdapterProfile, RunningApp } from "@pixy/testing";
import compression from "compression";
import express, { type Request } from "express";
import { listen } from "../lib/listen.ts";
import { describeStream } from "./stream.ts";
import { describePeople } from "./two-people.ts";

const publicly = "public, max-age=600";

function start(options: PixyOptions<AdapterProfile>): Promise<RunningApp> {
  const app = express();
  const auth = pixy(options);
  const nameOf = async (req: Request) => (await auth.of(req).session())?.data.name ?? "nobody";
  let asked = 0;
  app.use(compression());
  app.get("/people/everybody", (_req, res) => void res.send(`asked ${++asked} times`));
  app.use(auth.middleware());
  app.get("/people/json", async (req, res) => void res.json({ name: await nameOf(req) }));
  app.get("/people/own", async (req, res) => void res.set("cache-control", publicly).send(await nameOf(req)));
  app.get("/people/written", async (req, res) => {
    const name = await nameOf(req);
    res.writeHead(200, { "cache-control": publicly, vary: "Accept" }).end(name);
  });
  app.get("/people/accelerated", async (req, res) => {
    res.set({ "x-accel-expires": "600", "surrogate-control": "max-age=600" }).send(await nameOf(req));
  });
  app.get("/people/streaming", async (req, res) => {
    const name = await nameOf(req);
    res.write(name.slice(0, 3));
    res.flush();
    setImmediate(() => res.end(name.slice(3)));
  });
  app.get("/people/signed-in", async (req, res) => {
    res.send((await auth.of(req).signedIn())?.current.data.name ?? "nobody");
  });
  app.get("/people/guarded", auth.requireLogin(), (_req, res) => void res.send(res.locals.auth.current.data.name));
  app.get("/people/leaving", async (req, res) => res.redirect(`/hello?name=${await nameOf(req)}`));
  app.get("/people/required", async (req, res) => {
    res.send((await auth.of(req).requireSession()).data.name);
  });
  app.get("/people/scope", async (req, res) => void res.send(String(await auth.of(req).hasScope("a"))));
  app.get("/people/failing", async (req) => {
    throw new Error(await nameOf(req));
  });
  app.get("/people/missing", async (req, _res, next) => {
    await nameOf(req);
    next();
  });
  app.use("/people/files", (req, _res, next) => void nameOf(req).then(() => next(), next));
  app.use("/people/files", express.static(fileURLToPath(new URL(".", import.meta.url)), { maxAge: 600_000 }));
  app.get("/people/events", async (req, res) => {
    const name = await nameOf(req);
    res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" });
    res.write(`data: ${name}\n\n`);
  });
  app.use(auth.errorHandler());
  return listen(app.set("env", "test"));
}

describePeople({
  name: "V8 K20 Express 5",
  paths: [...["json", "own", "written", "accelerated", "streaming", "signed-in", "guarded", "leaving", "required"]].map(
    (path) => `/people/${path}`,
  ),
  nameless: ["scope", "failing", "missing", "files/express.test.ts"].map((path) => `/people/${path}`),
  start,
});

describeStream({ name: "Express 5", start });
