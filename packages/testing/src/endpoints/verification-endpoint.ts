import { readDecision } from "../state/people.ts";
import { parameterOf, type ReceivedRequest } from "../state/recorded-request.ts";
import { type Context, methodNotAllowed } from "./endpoint.ts";
import { loginPage } from "./login-page.ts";
import { escapeHtml, page } from "./page.ts";

/** Where a person enters the code that a device shows. */
export const verificationPath = "/device";

/** Answers the person (RFC 8628 §3.3): asks for the code, then who it is, then says that the device may be looked at again. */
export function verificationEndpoint(context: Context, request: ReceivedRequest): Response {
  if (request.method !== "GET" && request.method !== "POST") return methodNotAllowed("GET, POST");
  const code = parameterOf(request.query, "user_code");
  if (code === null) return codePage("");
  const login = context.devices.findByUserCode(code);
  if (login === undefined || login.decision !== null || context.clock.now() >= login.expiresAt) {
    return codePage(`<p role="alert">No device waits with the code ${escapeHtml(code)}. Look at it again.</p>`);
  }
  const decision = readDecision(request.form?.get("person"));
  if (decision === null) return loginPage(new URL(request.record.url), login.clientId, login.scope);
  context.devices.decide(code, decision);
  const done = decision === "deny" ? "The device was told no." : "The device is logged in.";
  return page(200, "You may close this page", `<p>${done}</p>`);
}

function codePage(problem: string): Response {
  return page(
    200,
    "Connect a device",
    `${problem}<form method="get" action="${verificationPath}"><label for="code">The code that the device shows</label>
<input id="code" name="user_code" autocomplete="off" autocapitalize="characters" required>
<button>Go on</button></form>`,
  );
}
