import { type Person, playlistsOf, profileOf } from "../state/people.ts";
import type { ReceivedRequest } from "../state/recorded-request.ts";
import { type Context, json } from "./endpoint.ts";

/** A path of the API: what it answers, and the scope that it wants. */
export interface Resource {
  readonly scope?: string;
  body(person: Person): unknown;
}

/** The two paths of Spotify's API that the server has, unless others are given. */
export const spotifyResources: Readonly<Record<string, Resource>> = Object.freeze({
  "/v1/me": { body: profileOf },
  "/v1/me/playlists": { scope: "playlist-read-private", body: playlistsOf },
});

/** Answers API requests with a bearer token (RFC 6750 §2.1), in Spotify's words. */
export function apiEndpoint(context: Context, request: ReceivedRequest, resource: Resource): Response {
  if (request.query.has("access_token") || request.form?.has("access_token")) {
    context.report(
      request,
      "access_token_in_query",
      "The access token stands in the URL or in a form, not in a header.",
    );
    return apiError(400, "Only valid bearer authentication supported");
  }
  const value = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (value === undefined) return apiError(401, "No token provided", 'Bearer realm="spotify"');
  const token = context.grants.findAccessToken(value);
  if (token === undefined || token.revoked || token.grant.revoked) return invalidToken("Invalid access token");
  if (context.clock.now() >= token.expiresAt) return invalidToken("The access token expired");
  const { person } = token.grant;
  if (person === null) return apiError(401, "Valid user authentication required");
  if (resource.scope !== undefined && !token.scope.includes(resource.scope)) {
    const challenge = `Bearer realm="spotify", error="insufficient_scope", scope="${resource.scope}"`;
    return apiError(403, "Insufficient client scope", challenge);
  }
  return json(200, resource.body(person));
}

/** RFC 6750 §3.1. */
export function invalidToken(message: string): Response {
  return apiError(401, message, `Bearer realm="spotify", error="invalid_token", error_description="${message}"`);
}

function apiError(status: number, message: string, challenge?: string): Response {
  return json(status, { error: { status, message } }, challenge === undefined ? {} : { "www-authenticate": challenge });
}
