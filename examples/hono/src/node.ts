import { serve } from "@hono/node-server";
import { explainStart, readEnvironment } from "example-shared/environment";
import { onStopSignal } from "example-shared/stop-signal";
import { createApp } from "./app.ts";
import { openNodeStore } from "./node-store.ts";

try {
  const environment = readEnvironment(process.env, { port: 3003 });
  const app = createApp(environment, await openNodeStore(environment));
  const server = serve({ fetch: app.fetch, port: environment.port, hostname: "127.0.0.1" }, ({ port }) => {
    console.log(`listening on http://127.0.0.1:${port}`);
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    const taken = error.code === "EADDRINUSE";
    stop(taken ? `PORT: ${environment.port} is in use. Set another one, or stop what listens there.` : error.message);
  });
  onStopSignal(() => {
    server.close(() => process.exit(0));
    // Answers under way get two seconds; connections that are merely kept open get none.
    setTimeout(() => process.exit(0), 2000).unref();
  });
} catch (error) {
  const explanation = explainStart(error);
  if (explanation === null) throw error;
  stop(explanation);
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
