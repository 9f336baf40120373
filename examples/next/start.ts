import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createAuth } from "@pixy/server";
import { type Environment, EnvironmentError, explainStart, readEnvironment } from "example-shared/environment";
import { optionsOf, preset } from "./options.ts";

const isProduction = process.env.NODE_ENV === "production";

try {
  const environment = readEnvironment(process.env, preset);
  // Next reads the options at the first request; what is wrong with them is said now.
  createAuth(optionsOf(environment));
  if (isProduction) refuseOtherPrefix(environment.basePath);
  await refuseTakenPort(environment.port);
  await run(environment);
} catch (error) {
  const explanation = explainStart(error);
  if (explanation === null) throw error;
  console.error(explanation);
  process.exit(1);
}

async function run({ port, secret }: Environment): Promise<void> {
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const script = isProduction ? "start" : "dev";
  const child = spawn(process.execPath, [next, script, "-H", "127.0.0.1", "-p", String(port)], {
    cwd: import.meta.dirname,
    // One secret for all: Next loads the app several times, and each would make up its own.
    env: { ...process.env, SESSION_SECRET: secret, NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", isProduction ? "ignore" : "inherit", "inherit"],
  });
  let isStopping = false;
  child.once("exit", (code) => process.exit(isStopping ? 0 : (code ?? 1)));
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      isStopping = true;
      child.kill("SIGTERM");
      // Answers under way get two seconds.
      setTimeout(() => child.kill("SIGKILL"), 2000).unref();
    });
  }
  while (!(await accepts(port))) await wait(25);
  console.log(`listening on http://127.0.0.1:${port}`);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch {
    throw new EnvironmentError("PORT", `${port} is in use. Set another one, or stop what listens there.`);
  } finally {
    server.close();
  }
}

/** Next wrote the prefix into what it built. */
function refuseOtherPrefix(basePath: string): void {
  const manifest = readFileSync(new URL(".next/routes-manifest.json", import.meta.url), "utf8");
  const built = (JSON.parse(manifest) as { basePath: string }).basePath;
  if (built === basePath) return;
  throw new EnvironmentError(
    "BASE_URL",
    `the app was built for the prefix "${built}", not "${basePath}". Build it again with this BASE_URL.`,
  );
}
