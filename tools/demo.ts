/** Builds everything, then runs the example apps against a Spotify-shaped server, or against Spotify itself. */
import { randomBytes } from "node:crypto";
import { printable } from "../packages/core/src/printable.ts";
import { type Child, startChild } from "./lib/child-process.ts";
import { type ExampleName, environmentWith, exampleExists, root, startExample } from "./lib/example.ts";
import { whenLaunchersEnd } from "./lib/launchers.ts";
import { isFree } from "./lib/port.ts";

interface Place {
  readonly name: string;
  readonly variable: string;
  readonly port: number;
}

function place(name: string, preset: number): Place {
  const variable = `PIXY_PORT_${name.toUpperCase()}`;
  const text = process.env[variable];
  const port = text === undefined ? preset : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${variable} is "${text}": set it to a port from 1 to 65535`);
  }
  return { name, variable, port };
}

/** Names every port that cannot be had, so that one look is enough. */
async function refusePortsInUse(places: readonly Place[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, { name, variable, port }] of places.entries()) {
    const twin = places.slice(0, index).find((other) => other.port === port);
    if (twin) problems.push(`port ${port} is wanted by ${twin.name} and ${name}: set ${variable} to another one`);
    else if (!(await isFree(port))) {
      problems.push(`port ${port} (${name}) is in use: end what listens there, or set ${variable} to another one`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** The page behind the login that the control page's visitor asks for; the worker has none. */
const page: Readonly<Record<Exclude<ExampleName, "fastify">, string>> = {
  express: "me",
  next: "me",
  hono: "me",
  worker: "",
};

const children: Child[] = [];
let stopping: Promise<void> | undefined;

/** Ends everything, once, and this process with it. */
function stop(exitCode: number): Promise<void> {
  stopping ??= Promise.all(children.map((child) => child.stop())).then(() => process.exit(exitCode));
  return stopping;
}

function keep(child: Child): Child {
  children.push(child);
  return child;
}

async function serving(child: Child): Promise<string> {
  const match = await child.ready;
  void child.ended.then(async (end) => {
    if (stopping) return;
    console.error(`${child.name} ended (${end}). Its output:\n${printableLines(child.output())}`);
    await stop(1);
  });
  console.log(`${child.name} is up`);
  return match?.[1] ?? "";
}

async function build(): Promise<void> {
  const child = keep(
    startChild({
      name: "build",
      command: ["turbo", "run", "build", "--filter=./packages/*", "--filter=./examples/*"],
      cwd: root,
      environment: environmentWith({}),
      visible: true,
    }),
  );
  const end = await child.ended;
  if (end !== 0) throw new Error("the build failed");
}

/** What a variable or another process says is not ours. */
function printableLines(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line))
    .join("\n");
}

function table(rows: readonly (readonly [name: string, url: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, url]) => `  ${name.padEnd(width)}  ${printable(url)}`).join("\n");
}

async function demo(): Promise<void> {
  const { SPOTIFY_CLIENT_ID, PROVIDER_URL, PROVIDER_ROTATION, PIXY_PORT_PROVIDER, REDIS_URL, SESSION_STORE } =
    process.env;
  // Whoever names a provider, or a port for ours, wants that one; a client id alone means the real Spotify.
  const realSpotify = SPOTIFY_CLIENT_ID !== undefined && PROVIDER_URL === undefined && PIXY_PORT_PROVIDER === undefined;
  const own = realSpotify || PROVIDER_URL !== undefined ? undefined : place("provider", 4000);
  const names = ["express", "next", "hono", "worker"] as const;
  const presets = { express: 3001, next: 3002, hono: 3003, worker: 3004 };
  const apps = names.filter(exampleExists).map((name) => ({ ...place(name, presets[name]), name }));
  await refusePortsInUse(own ? [own, ...apps] : apps);

  console.log("building");
  await build();
  if (stopping) return;

  const rows: [name: string, url: string][] = [];
  let provider = PROVIDER_URL;
  if (own) {
    console.log(`starting the Spotify-shaped server on port ${own.port}`);
    const named = apps.map(({ name, port }) => `${name}=http://127.0.0.1:${port}/${page[name]}`);
    const command = [process.execPath, "tools/control-room.ts", String(own.port), ...named] as const;
    const ready = /listening on (http:\/\/\S+)\s/;
    provider = await serving(keep(startChild({ name: "provider", command, cwd: root, ready })));
  }
  rows.push(["provider", provider ?? "https://accounts.spotify.com"]);

  for (const { name, port } of apps) console.log(`starting ${name} on port ${port}`);
  const urls = apps.map(({ name, port }) =>
    serving(
      keep(
        startExample(name, {
          PORT: String(port),
          SESSION_SECRET: randomBytes(32).toString("base64url"),
          PROVIDER_URL: provider,
          PROVIDER_ROTATION,
          SPOTIFY_CLIENT_ID,
          REDIS_URL,
          SESSION_STORE,
        }),
      ),
    ),
  );
  for (const [index, url] of (await Promise.all(urls)).entries()) rows.push([apps[index]?.name ?? "", url]);
  if (stopping) return;

  if (realSpotify) {
    console.log("\nRedirect URIs that your app at Spotify needs:");
    for (const [name, url] of rows.slice(1)) console.log(`  ${url}/auth/callback  (${name})`);
  }
  const room = own ? `\nOpen ${provider} and press "50 requests at once".` : "";
  if (provider !== undefined) {
    console.log("\nA command line, in another terminal (login, whoami, playlists, status, logout):");
    console.log(`  PROVIDER_URL=${printable(provider)} npx -y pnpm@12 --filter example-native --silent start login`);
  }
  console.log(`${room}\n${table(rows)}\nready`);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
whenLaunchersEnd(() => void stop(0));

try {
  await demo();
} catch (error) {
  if (!stopping) {
    console.error(printableLines(error instanceof Error ? error.message : String(error)));
    await stop(1);
  }
}
