import { notFound } from "../errors.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Settings } from "../settings/settings.ts";
import { addHeaders, privateLines } from "../web/answer-headers.ts";
import { formOf } from "../web/form.ts";
import type { Handle } from "./handle.ts";
import { wayOfProviderRoute } from "./route.ts";

/**
 * Answers a route of a provider's own with what the provider answers; no cache keeps it.
 *
 * @throws RequestError `not_found`, `form_unusable`, and where the provider cannot be found
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#rfc.section.2.5 OpenID Connect Back-Channel Logout section 2.5}
 */
export async function providerRoute<Data>(
  settings: Settings<Data>,
  sessions: Sessions<Data>,
  { request, keepAlive }: Handle<Data>,
): Promise<Response> {
  const found = wayOfProviderRoute(settings, request);
  const provider = await found?.way.provider.find(keepAlive);
  const routes = provider?.routes ?? {};
  const route = found !== null && Object.hasOwn(routes, found.name) ? routes[found.name] : undefined;
  if (!found || !provider || route === undefined) throw notFound("route", "Correct the URL at the provider.");
  const form = await formOf(request);
  const answer = await route(
    { form, header: (name) => request.header(name) },
    { clientId: found.way.clientId, endSessions: (of) => sessions.endOf(provider.issuer, of) },
  );
  const headers = new Headers(answer.headers);
  addHeaders(headers, privateLines);
  return new Response(answer.body, { status: answer.status, headers });
}
