import type { AuthorizationServer } from "./authorization-server.ts";
import { json, methodNotAllowed } from "./endpoint.ts";
import type { Fault } from "./fault.ts";
import { readDecision } from "./people.ts";
import type { Settings } from "./settings.ts";

/** Every control path begins with this. */
export const controlPath = "/__test/";

/**
 * Answers `POST /__test/<command>` with a JSON body; the answer is JSON too. A GET of `state`, `requests` and
 * `violations` works as well, for people with a browser.
 */
export async function controlEndpoint(server: AuthorizationServer, request: Request): Promise<Response> {
  const command = new URL(request.url).pathname.slice(controlPath.length);
  const reads = command === "state" || command === "requests" || command === "violations";
  if (request.method !== "POST" && !(reads && request.method === "GET")) return methodNotAllowed("POST");
  const text = request.method === "POST" ? await request.text() : "";
  // A web page can send text/plain anywhere without asking; JSON it cannot.
  if (text !== "" && !request.headers.get("content-type")?.startsWith("application/json")) {
    return json(415, { message: "The body's content type is application/json." });
  }
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    if (typeof body !== "object" || body === null) throw new TypeError("The body is a JSON object.");
    const answer = await run(server, command, body as Record<string, unknown>);
    return answer === undefined ? json(404, { message: `There is no command "${command}".` }) : json(200, answer);
  } catch (error) {
    return json(400, { message: error instanceof Error ? error.message : String(error) });
  }
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
    requests: server.requests.length,
    violations: server.violations.length,
  };
}

function knownSettings(server: AuthorizationServer, body: Record<string, unknown>): Partial<Settings> {
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(server.settings, name));
  if (unknown === undefined) return body as Partial<Settings>;
  throw new TypeError(`There is no setting "${unknown}"; settings: ${Object.keys(server.settings).join(", ")}.`);
}
