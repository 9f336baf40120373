import { createServer } from "node:http";
import { createGrants } from "@pixy/grants";
import { type Environment, EnvironmentError, explainStart, readEnvironment } from "example-shared/environment";
import { onStopSignal } from "example-shared/stop-signal";
import { type Finding, work } from "./job.ts";
import { openStore, readDatabaseUrl, type StoreUrls } from "./store.ts";
import { users } from "./users.ts";
import { createWeb } from "./web.ts";

/** `web` serves pages, `worker` runs the job, and without a `ROLE` one process does both. */
type Role = "web" | "worker" | "both";

try {
  const environment = readEnvironment(process.env, { port: 3004 });
  const { role, seconds, urls } = readOwn(environment);
  const { provider, clientId, secret, port } = environment;
  const grants = createGrants({
    providers: { spotify: { provider, clientId } },
    ...{ secret, store: await openStore(urls) },
  });
  let last: readonly Finding[] = [];
  if (role !== "web") void repeat(seconds, async () => (last = await work(grants, users)));
  if (role === "worker") {
    console.log(`working every ${seconds} s`);
    onStopSignal(() => process.exit(0));
  } else {
    const server = createServer(createWeb(environment, grants, () => last));
    server.on("error", (error) => stop(error.message));
    server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}`));
    onStopSignal(() => process.exit(0));
  }
} catch (error) {
  const explanation = explainStart(error);
  if (explanation === null) throw error;
  stop(explanation);
}

async function repeat(seconds: number, round: () => Promise<readonly Finding[]>): Promise<never> {
  for (;;) {
    try {
      for (const [user, what] of await round()) console.log(`${user}: ${what}`);
    } catch (error) {
      // The store is away; the next round tries again.
      console.error(String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

function readOwn({ redisUrl }: Environment): {
  readonly role: Role;
  readonly seconds: number;
  readonly urls: StoreUrls;
} {
  const { ROLE: role = "both", INTERVAL: interval = "60", DATABASE_URL } = process.env;
  if (role !== "web" && role !== "worker" && role !== "both") {
    throw new EnvironmentError("ROLE", 'set "web" or "worker", or leave it out for both in one process.');
  }
  const urls = { redisUrl, databaseUrl: readDatabaseUrl(DATABASE_URL, redisUrl) };
  if (role !== "both" && urls.redisUrl === null && urls.databaseUrl === null) {
    const advice = `a ${role} of its own shares its grants with others: set the URL of a Postgres, or REDIS_URL.`;
    throw new EnvironmentError("DATABASE_URL", advice);
  }
  const seconds = Number(interval);
  if (!(seconds >= 1)) throw new EnvironmentError("INTERVAL", "set seconds between two rounds, 1 or more.");
  return { role, seconds, urls };
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
