#!/usr/bin/env node
import { parseArgs } from "node:util";
import { printable } from "@pixy/core";
import { serve } from "./control/http-server.ts";
import type { FamilyName } from "./families/families.ts";
import { createAuthorizationServer } from "./provider/authorization-server.ts";
import { readDecision } from "./state/people.ts";
import type { Rotation } from "./state/settings.ts";

const help = `Serves a strict OAuth 2.0 authorization server for tests, Spotify-shaped unless told otherwise.

  --port <number>         4000, unless given; 0 takes a free one
  --host <address>        127.0.0.1, unless given
  --as <provider>         answers as github, slack, twitch, … do; a wrong name lists all
  --rotation <mode>       omit, rotate, strict, grace or sometimes; omit or the provider's own, unless given
  --expires-in <seconds>  the lifetime of access tokens; 3600 or the provider's own, unless given
  --auto-approve <name>   ada or grace logs in without a login page
  --page                  shows the control page at /, and opens /__test/…
  --app <name>=<url>      an app on the control page: a page behind its login, such as http://127.0.0.1:3001/me; repeatable
  --control               opens /__test/…, by which tests read requests and set faults
  --help                  this text
`;

try {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4000" },
      host: { type: "string", default: "127.0.0.1" },
      as: { type: "string" },
      rotation: { type: "string" },
      "expires-in": { type: "string" },
      "auto-approve": { type: "string" },
      control: { type: "boolean", default: false },
      page: { type: "boolean", default: false },
      app: { type: "string", multiple: true, default: [] },
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
  as?: string;
  rotation?: string;
  "expires-in"?: string;
  "auto-approve"?: string;
  control: boolean;
  page: boolean;
  app: string[];
}): Promise<void> {
  const autoApprove = values["auto-approve"];
  const person = readDecision(autoApprove);
  if (autoApprove !== undefined && (person === null || person === "deny")) {
    throw new TypeError(`--auto-approve is ada or grace, not "${autoApprove}".`);
  }
  const { as, rotation, "expires-in": expiresIn } = values;
  const server = createAuthorizationServer({
    ...(as === undefined ? {} : { as: as as FamilyName }),
    ...(rotation === undefined ? {} : { rotation: rotation as Rotation }),
    ...(expiresIn === undefined ? {} : { expiresIn: readNumber("--expires-in", expiresIn) }),
    autoApprove: person === "deny" ? null : person,
  });
  const { host, control } = values;
  if (values.app.length > 0 && !values.page)
    throw new TypeError("--app names an app of the control page: give --page too.");
  const { url, close } = await serve(server, {
    ...{ port: readNumber("--port", values.port), host, control: control || values.page },
    ...(values.page ? { page: { apps: Object.fromEntries(values.app.map(readApp)) } } : {}),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
  process.stdout.write(`listening on ${url}\n`);
}

function readApp(text: string): [name: string, url: string] {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && url !== undefined) return [name, url];
  throw new TypeError(`--app is a name and a URL, such as shop=http://127.0.0.1:3000/me, not "${text}".`);
}

function readNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new TypeError(`${name} is a whole number, not "${value}".`);
  return Number(value);
}
