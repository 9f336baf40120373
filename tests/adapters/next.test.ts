import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { cookieStore, type PixyOptions } from "@pixy/server";
import { type AdapterProfile, describeAdapter } from "@pixy/testing";
import { describe, it, vi } from "vitest";
import { listen } from "../lib/listen.ts";

interface Next {
  prepare(): Promise<void>;
  getRequestHandler(): RequestListener;
}

/** Starts the production build of `next-app` in this process, as an app with a server of its own does. */
async function startNext(): Promise<RequestListener> {
  vi.stubEnv("NODE_ENV", "production");
  const dir = fileURLToPath(new URL("next-app", import.meta.url));
  const next = createRequire(`${dir}/`)("next") as (options: { readonly dir: string }) => Next;
  const app = next({ dir });
  await app.prepare();
  return app.getRequestHandler();
}

/**
 * Next loads the proxy and the handlers apart, and a store with a clock of its own shares nothing by itself: without
 * one store for both, a handler would not know that the proxy's refresh was refused.
 */
function shared(options: PixyOptions<AdapterProfile>): PixyOptions<AdapterProfile> {
  return { ...options, store: cookieStore(options.now ? { now: options.now } : {}) };
}

const listener = startNext();

describeAdapter(
  { describe, it },
  {
    name: "Next 16",
    async start(...instances) {
      Object.assign(globalThis, { contractInstances: instances.map(shared) });
      return listen(await listener);
    },
  },
);
