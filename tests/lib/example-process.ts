import { randomBytes } from "node:crypto";
import type { Child } from "../../tools/lib/child-process.ts";
import { type ExampleName, startExample as start } from "../../tools/lib/example.ts";
import { freePort } from "../../tools/lib/port.ts";

export type { ExampleName } from "../../tools/lib/example.ts";
export { exampleExists } from "../../tools/lib/example.ts";

export interface ExampleProcess {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
  output(): string;
  /** Sends a signal to it and everything that it started. */
  signal: Child["signal"];
  /** Ends it and everything that it started. */
  stop: Child["stop"];
}

/**
 * Starts a built example on a free port and waits for its line. Variables are those of the examples' contract; PORT and
 * SESSION_SECRET are made up when they are not given, nothing else is inherited from the environment of the tests.
 */
export async function startExample(
  name: ExampleName,
  variables: Readonly<Record<string, string | undefined>> = {},
  script = "start",
): Promise<ExampleProcess> {
  const PORT = String(await freePort());
  const SESSION_SECRET = randomBytes(32).toString("base64url");
  const child = start(name, { PORT, SESSION_SECRET, ...variables }, script);
  try {
    const match = await child.ready;
    return { url: match?.[1] ?? "", output: child.output, signal: child.signal, stop: child.stop };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
