import { explainStart, readEnvironment } from "example-shared/environment";
import { onStopSignal } from "example-shared/stop-signal";
import { createApp } from "./app.ts";

try {
  const environment = readEnvironment(process.env, { port: 3005 });
  const app = createApp(environment);
  await app.listen({ port: environment.port, host: "127.0.0.1" });
  console.log(`listening on http://127.0.0.1:${environment.port}`);
  onStopSignal(() => void app.close().then(() => process.exit(0)));
} catch (error) {
  const explanation = explainStart(error);
  if (explanation === null && !(error instanceof Error && "code" in error)) throw error;
  console.error(explanation ?? (error as Error).message);
  process.exit(1);
}
