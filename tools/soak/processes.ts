import { randomBytes } from "node:crypto";
import { type ExampleProcess, startExample } from "../../tests/lib/example-process.ts";
import { createBalancer } from "../lib/balancer.ts";
import { inspectorIn } from "./live-heap.ts";
import type { SoakOptions } from "./options.ts";

/** The processes of one app, behind one address. */
export interface Processes {
  readonly url: string;
  /** Where each may be asked about its heap. */
  readonly inspectors: readonly string[];
  /** What they have printed. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts as many processes of the example as are wanted; several take turns behind a balancer. */
export async function startProcesses(
  options: SoakOptions,
  provider: string,
  redis: string | undefined,
): Promise<Processes> {
  const isOnNode = options.example === "hono-node";
  const balancer = options.processes > 1 ? await createBalancer() : null;
  const variables = {
    ...{ PROVIDER_URL: provider, SESSION_STORE: options.store, REDIS_URL: redis },
    ...{ SESSION_SECRET: randomBytes(32).toString("base64url"), BASE_URL: balancer?.url },
    // Little, so that what is never let go shows within minutes; V8 lets a heap grow as long as there is room.
    NODE_OPTIONS: `--max-old-space-size=256${options.hours ? " --inspect=127.0.0.1:0" : ""}`,
  };
  const running: ExampleProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...running.map((one) => one.stop()), balancer?.close()]);
  };
  try {
    for (let count = 0; count < options.processes; count++) {
      const example = isOnNode || options.example === "hono" ? "hono" : options.example;
      running.push(await startExample(example, variables, isOnNode ? "start:node" : "start"));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  if (balancer !== null) balancer.servers = running.map(({ url }) => url);
  return {
    url: balancer?.url ?? running[0]?.url ?? "",
    inspectors: running.map((one) => inspectorIn(one.output())).filter((address) => address !== null),
    output: () => running.map((one) => one.output()).join("\n"),
    stop,
  };
}
