import { parameterOf, type ReceivedRequest } from "../state/recorded-request.ts";
import { authenticateClient, type Context, json, oauthError, readForm, readScope } from "./endpoint.ts";
import { verificationPath } from "./verification-endpoint.ts";

/** Answers a device that begins a login on another screen (RFC 8628 §3.1, §3.2). */
export function deviceEndpoint(context: Context, request: ReceivedRequest): Response {
  const form = readForm(context, request);
  if (form instanceof Response) return form;
  for (const name of new Set(form.keys())) {
    if (["client_id", "client_secret", "scope", ...context.tokenParameters].includes(name)) continue;
    context.report(request, "unknown_parameter", `${name} has no meaning in a device authorization request.`);
  }
  const client = authenticateClient(context, request, form);
  if (client instanceof Response) return client;
  const scope = readScope(parameterOf(form, "scope"));
  if (scope === null) {
    context.report(request, "scope_form", "The scope is malformed.");
    return oauthError(400, "invalid_scope", "The scope is malformed");
  }
  const { deviceCode, userCode, interval } = context.devices.begin({ clientId: client.clientId, scope });
  const page = new URL(verificationPath, context.settings.issuer).href;
  return json(200, {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: context.settings.deviceLifetime,
    interval,
  });
}
