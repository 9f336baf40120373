import { getRequestListener } from "@hono/node-server";
import { type AuthEnv, pixy } from "@pixy/hono";
import type { PixyOptions } from "@pixy/server";
import type { AdapterProfile, RunningApp } from "@pixy/testing";
import { type Context, Hono } from "hono";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { stream } from "hono/streaming";
import { listen } from "../lib/listen.ts";
import { describeStream } from "./stream.ts";
import { describePeople } from "./two-people.ts";

const publicly = "public, max-age=600";
type Personal = Context<AuthEnv<AdapterProfile>>;

async function nameOf(c: Personal): Promise<string> {
  return (await c.var.auth.session())?.data.name ?? "nobody";
}

function start(options: PixyOptions<AdapterProfile>): Promise<RunningApp> {
  const app = new Hono<AuthEnv<AdapterProfile>>();
  const auth = pixy(options);
  let asked = 0;
  app.use(compress({ contentTypeFilter: () => true }));
  app.use("/people/json", etag());
  app.get("/people/everybody", (c) => c.text(`asked ${++asked} times`));
  app.use(auth.middleware());
  app.get("/people/json", async (c) => c.json({ name: await nameOf(c) }));
  app.get("/people/html", async (c) => c.html(`<h1>${await nameOf(c)}</h1>`));
  app.get("/people/body", async (c) => c.body(await nameOf(c), 200, { "cache-control": publicly }));
  app.get("/people/own", async (c) => {
    c.header("cache-control", publicly);
    c.header("vary", "Accept");
    return c.text(await nameOf(c));
  });
  app.get("/people/response", async (c) => {
    return new Response(await nameOf(c), { headers: { "cache-control": publicly, "x-accel-expires": "600" } });
  });
  app.get("/people/streaming", async (c) => {
    const name = await nameOf(c);
    return stream(c, async (out) => void (await out.write(name)));
  });
  app.get("/people/guarded", auth.requireLogin(), (c) => c.text(c.var.auth.current.data.name));
  app.get("/people/leaving", async (c) => c.redirect(`/hello?name=${await nameOf(c)}`));
  app.get("/people/required", async (c) => c.text((await c.var.auth.requireSession()).data.name));
  app.get("/people/scope", async (c) => c.text(String(await c.var.auth.hasScope("a"))));
  app.get("/people/failing", async (c) => {
    throw new Error(await nameOf(c));
  });
  app.get("/people/refused", async (c) => {
    throw new HTTPException(403, { res: new Response(`${(await nameOf(c)).length} letters`, { status: 403 }) });
  });
  app.get("/people/missing", async (c) => ((await nameOf(c)) ? c.notFound() : c.text("")));
  app.get("/people/events", async (c) => {
    const name = await nameOf(c);
    const events = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${name}\n\n`)),
    });
    return new Response(events, {
      headers: { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" },
    });
  });
  return listen(getRequestListener(app.fetch));
}

describePeople({
  name: "V8 K20 Hono",
  paths: [...["json", "html", "body", "own", "response", "streaming", "guarded", "leaving", "required"]].map(
    (path) => `/people/${path}`,
  ),
  nameless: ["scope", "failing", "refused", "missing"].map((path) => `/people/${path}`),
  start,
});

describeStream({ name: "Hono", start });
