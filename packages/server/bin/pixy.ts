#!/usr/bin/env node
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { diagnose, type Finding, type PixyOptions, printable } from "@pixy/server";

const help = `pixy doctor [file]

Checks a login from here and now: its options, the running app, the provider, the clocks and the session store.
The exit code is 1 when logins cannot work.

  file   a module whose \`options\` (or default export) are what the app gives to pixy(…): an object, or a function of
         the environment. Or a .env file, or none: then these variables are read.

  BASE_URL            the app's public origin, with its path prefix if it has one
  SESSION_SECRET      32 random bytes as base64url
  SPOTIFY_CLIENT_ID   the client id of your registration
  PROVIDER_URL        a Spotify-shaped server instead of Spotify
`;

const [command, file, ...rest] = process.argv.slice(2);

try {
  if (command === "--help" || command === "help") process.stdout.write(help);
  else if (command !== "doctor" || rest.length > 0) fail(help);
  else print(await diagnose(await readFile(file)));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  fail(`pixy: ${printable(message.replace(/\s+/g, " "))}\n`);
}

function fail(text: string): void {
  process.stderr.write(text);
  process.exitCode = 1;
}

async function readFile(path: string | undefined): Promise<PixyOptions<unknown>> {
  if (path !== undefined && !/(^|[/\\])\.env[^/\\]*$|\.env$/.test(path)) return fromModule(path);
  if (path !== undefined) process.loadEnvFile(path);
  return fromVariables(process.env, await preset());
}

type Preset = typeof import("@pixy/providers/spotify");

// An app has it where it uses it.
async function preset(): Promise<Preset> {
  try {
    return await import("@pixy/providers/spotify");
  } catch {
    throw new Error("@pixy/providers is not installed. Install it, or name a module that exports the app's options.");
  }
}

function fromVariables(variables: NodeJS.ProcessEnv, { spotify, spotifyAt }: Preset): PixyOptions<unknown> {
  const { BASE_URL, SESSION_SECRET, SPOTIFY_CLIENT_ID, PROVIDER_URL } = variables;
  const given = { BASE_URL, SESSION_SECRET, SPOTIFY_CLIENT_ID };
  const missing = Object.entries(given).flatMap(([name, value]) => (value ? [] : [name]));
  if (missing.length > 0) {
    const verb = missing.length === 1 ? "is" : "are";
    throw new Error(`${missing.join(", ")} ${verb} not set. Set what the app is started with; pixy --help says more.`);
  }
  return {
    provider: PROVIDER_URL ? spotifyAt(PROVIDER_URL) : spotify,
    clientId: SPOTIFY_CLIENT_ID ?? "",
    baseUrl: BASE_URL ?? "",
    secret: SESSION_SECRET ?? "",
  };
}

async function fromModule(path: string): Promise<PixyOptions<unknown>> {
  const imported: { readonly options?: unknown; readonly default?: unknown } = await import(
    pathToFileURL(resolve(path)).href
  );
  const options = imported.options ?? imported.default;
  const made: unknown = typeof options === "function" ? await options(process.env) : options;
  if (typeof made === "object" && made !== null) return made as PixyOptions<unknown>;
  throw new Error(`${path} exports no options. Export what the app gives to pixy(…): export const options = { … };`);
}

function print(findings: readonly Finding[]): void {
  const marks = { fine: "ok     ", warning: "warning", failure: "FAILURE" } as const;
  for (const { level, code, message, hint } of findings) {
    process.stdout.write(`${marks[level]}  ${message}${level === "fine" ? "" : `  [${code}]`}\n`);
    if (hint !== undefined && !message.includes(hint)) process.stdout.write(`         ${hint}\n`);
  }
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const [failures, warnings] = [count("failure"), count("warning")];
  const verdict = failures > 0 ? "Logins cannot work like this" : "Logins can work";
  process.stdout.write(`\n${verdict}: ${failures} failed, ${warnings} to look at, ${count("fine")} in order.\n`);
  if (failures > 0) process.exitCode = 1;
  // A store of the module may hold its connection open.
  process.stdout.write("", () => process.exit());
}
