#!/usr/bin/env node
import { parseArgs } from "node:util";
import { printable } from "@pixy/core";
import { createAuthorizationServer } from "./provider/authorization-server.ts";
import { serve } from "./provider/http-server.ts";
import { readDecision } from "./state/people.ts";
import type { Rotation } from "./state/settings.ts";

const help = `Serves a strict, Spotify-shaped OAuth 2.0 authorization server for tests.

  --port <number>         4000, unless given; 0 takes a free one
  --host <address>        127.0.0.1, unless given
  --rotation <mode>       omit (unless given), rotate, strict, grace or sometimes
  --expires-in <seconds>  the lifetime of access tokens; 3600, unless given
  --auto-approve <name>   ada or grace logs in without a login page
  --control               opens /__test/…, by which tests read requests and set faults
  --help                  this text
`;

try {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4000" },
      host: { type: "string", default: "127.0.0.1" },
      rotation: { type: "string", default: "omit" },
      "expires-in": { type: "string", default: "3600" },
      "auto-approve": { type: "string" },
      control: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(help);
  else await start(values);
} catch (error) {
  process.stderr.write(`pixy-testing: ${printable(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}

async function start(values: {
  port: string;
  host: string;
  rotation: string;
  "expires-in": string;
  "auto-approve"?: string;
  control: boolean;
}): Promise<void> {
  const autoApprove = values["auto-approve"];
  const person = readDecision(autoApprove);
  if (autoApprove !== undefined && (person === null || person === "deny")) {
    throw new TypeError(`--auto-approve is ada or grace, not "${autoApprove}".`);
  }
  const server = createAuthorizationServer({
    rotation: values.rotation as Rotation,
    expiresIn: readNumber("--expires-in", values["expires-in"]),
    autoApprove: person === "deny" ? null : person,
  });
  const { host, control } = values;
  const { url, close } = await serve(server, { port: readNumber("--port", values.port), host, control });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
  process.stdout.write(`listening on ${url}\n`);
}

function readNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new TypeError(`${name} is a whole number, not "${value}".`);
  return Number(value);
}
