import type { RequestListener } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { PixyOptions } from "@pixy/server";
import type { AdapterProfile, RunningApp } from "@pixy/testing";
import { vi } from "vitest";
import { listen } from "../lib/listen.ts";

interface Next {
  prepare(): Promise<void>;
  getRequestHandler(): RequestListener;
}

/** Prepares the production build of `next-app` in this process, as an app with a server of its own does; once in a file. */
export function prepareNext(): (...instances: readonly PixyOptions<AdapterProfile>[]) => Promise<RunningApp> {
  const listener = start();
  return async (...instances) => {
    Object.assign(globalThis, { contractInstances: instances });
    return listen(await listener);
  };
}

async function start(): Promise<RequestListener> {
  vi.stubEnv("NODE_ENV", "production");
  const dir = fileURLToPath(new URL("next-app", import.meta.url));
  const next = createRequire(`${dir}/`)("next") as (options: { readonly dir: string }) => Next;
  const app = next({ dir });
  await app.prepare();
  return app.getRequestHandler();
}
