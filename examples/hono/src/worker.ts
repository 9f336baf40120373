import { readEnvironment } from "example-shared/environment";
import type { ExecutionContext, Hono } from "hono";
import { createApp } from "./app.ts";
import { openWorkerStore, workerStores } from "./worker-store.ts";

type Bindings = Readonly<Record<string, unknown>>;

// One module may serve several bindings: each has an app of its own.
const apps = new WeakMap<Bindings, Hono>();

function appOf(bindings: Bindings): Hono {
  let app = apps.get(bindings);
  if (app === undefined) {
    const environment = readEnvironment(bindings, { port: 3003, stores: workerStores });
    app = createApp(environment, openWorkerStore(environment, bindings));
    apps.set(bindings, app);
  }
  return app;
}

export default {
  fetch(request: Request, bindings: Bindings, context: ExecutionContext): Response | Promise<Response> {
    return appOf(bindings).fetch(request, bindings, context);
  },
};

/** The class of the Durable Objects that keep sessions; wrangler.json binds it as SESSIONS. */
export { PixySessionObject } from "@pixy/cloudflare";
