import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { memoryStore } from "@pixy/hono";
import { explainStart, readEnvironment } from "example-shared/environment";
import { onStopSignal } from "example-shared/stop-signal";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import wrangler from "../wrangler.json" with { type: "json" };
import { createApp } from "./app.ts";
import { openWorkerStore, workerStores } from "./worker-store.ts";

const bundle = fileURLToPath(new URL("../dist/worker.js", import.meta.url));
const variables = [
  "PORT",
  "BASE_URL",
  "SPOTIFY_CLIENT_ID",
  "PROVIDER_URL",
  "PROVIDER_ROTATION",
  "PROVIDER_DISCOVERY",
  "SESSION_STORE",
];

try {
  const environment = readEnvironment(process.env, { port: 3003, stores: workerStores });
  // The worker makes its app at the first request; what is wrong with the options is said now, and warnings too.
  // Durable Objects exist in the worker only; a store that is no cookie stands for them.
  const standIn = environment.store === "durable-object" ? memoryStore() : openWorkerStore(environment, {});
  createApp(environment, standIn);
  await requireFree(environment.port);
  const given = variables.map((name) => [name, process.env[name]] as const).filter(([, value]) => value !== undefined);
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      scriptPath: bundle,
      compatibilityDate: wrangler.compatibility_date,
      bindings: { ...Object.fromEntries(given), NODE_ENV: "production", SESSION_SECRET: environment.secret },
      durableObjects: { SESSIONS: { className: "PixySessionObject", useSQLite: true } },
      host: "127.0.0.1",
      port: environment.port,
      cf: false,
    }),
  );
  onStopSignal(() => void worker.dispose().finally(() => process.exit(0)));
  await worker.ready;
  console.log(`listening on http://127.0.0.1:${environment.port}`);
} catch (error) {
  const explanation = explainStart(error);
  if (explanation === null) throw error;
  stop(explanation);
}

/** workerd reports a port that is taken in words of its own. */
function requireFree(port: number): Promise<void> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      stop(taken ? `PORT: ${port} is in use. Set another one, or stop what listens there.` : error.message);
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
