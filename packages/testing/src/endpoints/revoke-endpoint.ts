import { parameterOf, type ReceivedRequest } from "../state/recorded-request.ts";
import { authenticateClient, type Context, oauthError, readForm } from "./endpoint.ts";

/** Answers revocation requests (RFC 7009 §2): a refresh token takes the whole grant with it, an access token only itself. */
export function revokeEndpoint(context: Context, request: ReceivedRequest): Response {
  const form = readForm(context, request);
  if (form instanceof Response) return form;
  const client = authenticateClient(context, request, form);
  if (client instanceof Response) return client;
  const token = parameterOf(form, "token");
  if (token === null) {
    context.report(request, "missing_parameter", "token is missing.");
    return oauthError(400, "invalid_request", "token is missing");
  }
  const grant = context.grants.findByRefreshToken(token) ?? context.grants.findAccessToken(token)?.grant;
  if (grant !== undefined && grant.clientId === client.clientId) {
    if (context.grants.findByRefreshToken(token) === grant) grant.revoked = true;
    else context.grants.revokeAccessToken(token);
  }
  return new Response(null, { status: 200 });
}
