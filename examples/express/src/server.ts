import { createServer } from "node:http";
import { explainStart, readEnvironment } from "example-shared/environment";
import { onStopSignal } from "example-shared/stop-signal";
import { createApp } from "./app.ts";
import { openStore } from "./store.ts";

try {
  const environment = readEnvironment(process.env, { port: 3001 });
  const server = createServer(createApp(environment, await openStore(environment)));
  server.on("error", (error: NodeJS.ErrnoException) => {
    const taken = error.code === "EADDRINUSE";
    stop(taken ? `PORT: ${environment.port} is in use. Set another one, or stop what listens there.` : error.message);
  });
  server.listen(environment.port, "127.0.0.1", () => {
    console.log(`listening on http://127.0.0.1:${environment.port}`);
  });
  onStopSignal(() => {
    server.close(() => process.exit(0));
    // Answers under way get two seconds; connections that are merely kept open get none.
    setTimeout(() => server.closeAllConnections(), 2000).unref();
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
