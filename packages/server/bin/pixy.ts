#!/usr/bin/env node
import { printable } from "@pixy/server";
import { doctor } from "./doctor.ts";
import { init } from "./init.ts";

const help = `pixy init [--provider name] [--store name] [options]

Adds a login to the project in this folder: finds the framework, asks for what you do not give, writes files that do not
exist yet, and says what to register where. It overwrites nothing.

  --provider <name>    spotify, github, google, …; a wrong name lists all
  --store <name>       cookie, redis or postgres: where sessions live
  --framework <name>   express, next or hono, where package.json does not tell
  --base-url <url>     the app's public origin; http://127.0.0.1:3000, unless given

pixy doctor [file]

Checks a login from here and now: its options, the running app, the provider, the clocks and the session store.
The exit code is 1 when logins cannot work.

  file   a module whose \`options\` (or default export) are what the app gives to pixy(…): an object, or a function of
         the environment. Or a .env file, or none: then these variables are read.

  BASE_URL            the app's public origin, with its path prefix if it has one
  SESSION_SECRET      32 random bytes as base64url
  SPOTIFY_CLIENT_ID   the client id of your registration
  PROVIDER_URL        a Spotify-shaped server instead of Spotify
`;

const [command, ...words] = process.argv.slice(2);

try {
  if (command === "--help" || command === "help") process.stdout.write(help);
  else if (command === "init") await init(words, process.cwd(), (line) => process.stdout.write(`${line}\n`));
  else if (command === "doctor" && words.length <= 1) await doctor(words[0]);
  else fail(help);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  fail(`pixy: ${printable(message.replace(/\s+/g, " "))}\n`);
}

function fail(text: string): void {
  process.stderr.write(text);
  process.exitCode = 1;
}
