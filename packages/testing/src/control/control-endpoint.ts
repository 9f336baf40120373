import { json, methodNotAllowed } from "../endpoints/endpoint.ts";
import type { AuthorizationServer } from "../provider/authorization-server.ts";
import type { Fault } from "../state/fault.ts";
import { readDecision } from "../state/people.ts";
import type { Settings } from "../state/settings.ts";
import { refuseStranger } from "./control-guard.ts";
import { pageFile } from "./page.ts";
import type { Room } from "./room.ts";

/** Every control path begins with this. */
export const controlPath = "/__test/";

// What it shows are tokens: no page has it in a frame, a script or an image.
const closed: Readonly<Record<string, string>> = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/**
 * Answers `POST /__test/<command>` with a JSON body; the answer is JSON too. A GET of `state`, `requests` and
 * `violations` works as well, for people with a browser. `hosts` are the values of `Host` that are answered; with a room
 * there are its commands, and the files of the control page.
 */
export async function controlEndpoint(
  server: AuthorizationServer,
  request: Request,
  hosts: ReadonlySet<string>,
  room: Room | null = null,
): Promise<Response> {
  const response = refuseStranger(request, hosts) ?? (await obey(server, request, room));
  for (const [name, value] of Object.entries(closed)) response.headers.set(name, value);
  return response;
}

async function obey(server: AuthorizationServer, request: Request, room: Room | null): Promise<Response> {
  const command = new URL(request.url).pathname.slice(controlPath.length);
  const file = room !== null && request.method === "GET" ? await pageFile(command) : null;
  if (file !== null) return file;
  const reads = command === "state" || command === "requests" || command === "violations";
  if (request.method !== "POST" && !(reads && request.method === "GET")) return methodNotAllowed("POST");
  const text = request.method === "POST" ? await request.text() : "";
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (typeof body !== "object" || body === null) throw new TypeError("The body is a JSON object.");
    const members = body as Record<string, unknown>;
    const answer = (await enter(server, room, command, members)) ?? (await run(server, command, members));
    if (!reads && room !== null && answer !== undefined) room.note(command, members);
    return answer === undefined ? json(404, { message: `There is no command "${command}".` }) : json(200, answer);
  } catch (error) {
    return json(400, { message: error instanceof Error ? error.message : String(error) });
  }
}

/** The commands of the control page. */
async function enter(
  server: AuthorizationServer,
  room: Room | null,
  command: string,
  body: Record<string, unknown>,
): Promise<unknown> {
  if (room === null) return undefined;
  if (command === "at-once") await room.requestAtOnce(Number(body.count), { expired: body.expired === true });
  else if (command === "log-out") await room.logOutEverywhere();
  else if (command !== "room") return undefined;
  const { apps, usualRotation } = room;
  return { ...server.settings, usualRotation, faults: server.faults, apps, timeLine: room.timeLine() };
}

async function run(server: AuthorizationServer, command: string, body: Record<string, unknown>): Promise<unknown> {
  switch (command) {
    case "state":
      break;
    case "requests":
      return server.requests;
    case "violations":
      return server.violations;
    case "settings":
      server.configure(knownSettings(server, body));
      break;
    case "fault":
      server.fault(body as unknown as Fault);
      break;
    case "clear-faults":
      server.clearFaults();
      break;
    case "clock":
      if (typeof body.set === "number") server.clock.set(body.set);
      else server.clock.advance(Number(body.advance));
      break;
    case "revoke-grants":
      server.revokeGrants(body.person === "ada" || body.person === "grace" ? body.person : undefined);
      break;
    case "revoke-access-tokens":
      server.revokeAccessTokens();
      break;
    case "reset":
      server.reset();
      break;
    case "authorize": {
      const person = readDecision(String(body.person));
      if (person === null) throw new TypeError('"person" is "ada", "grace" or "deny".');
      return { callback: await server.authorize(String(body.url), { person }) };
    }
    default:
      return undefined;
  }
  return {
    ...server.settings,
    now: server.clock.now(),
    faults: server.faults,
    ...server.counts,
  };
}

function knownSettings(server: AuthorizationServer, body: Record<string, unknown>): Partial<Settings> {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(server.settings, name));
  if (unknown === undefined) return body as Partial<Settings>;
  throw new TypeError(`There is no setting "${unknown}"; settings: ${Object.keys(server.settings).join(", ")}.`);
}
