export type ClientAuthenticationMethod = "none" | "client_secret_basic" | "client_secret_post";

/** A client as it is registered at the server. */
export interface Registration {
  readonly clientId: string;
  /** Compared character by character; a loopback literal without a port accepts every port, as at Spotify. */
  readonly redirectUris: readonly string[];
  /** "none" (a public client), unless given. */
  readonly authentication?: ClientAuthenticationMethod;
  /** Needed with every method but "none". */
  readonly secret?: string;
}

/** Returns why a redirect URI is not one of the client's, or null when it is (RFC 9700 §2.1). */
export function redirectUriProblem(registration: Registration | null, redirectUri: string): string | null {
  if (registration === null) return openRedirectUriProblem(redirectUri);
  const matches = registration.redirectUris.some(
    (registered) => registered === redirectUri || matchesLoopback(registered, redirectUri),
  );
  return matches ? null : `${redirectUri} is not registered for the client ${registration.clientId}.`;
}

/** RFC 8252 §7.3: the port of a loopback literal is the client's to choose, if the registration has none. */
function matchesLoopback(registered: string, redirectUri: string): boolean {
  const parts = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(\/.*)?$/.exec(registered);
  if (parts === null || !redirectUri.startsWith(parts[1] ?? "")) return false;
  const rest = redirectUri.slice(parts[1]?.length).replace(/^:\d{1,5}/, "");
  return rest === (parts[2] ?? "");
}

/** Without registrations every redirect URI passes that Spotify would let somebody register. */
function openRedirectUriProblem(redirectUri: string): string | null {
  if (redirectUri.includes("#")) return "A redirect URI has no fragment.";
  if (!URL.canParse(redirectUri)) return `${redirectUri} is not an absolute URI.`;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(redirectUri)?.[1]?.toLowerCase();
  if (scheme === "https" || (scheme !== "http" && scheme?.includes("."))) return null;
  if (/^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?(\/|\?|$)/.test(redirectUri)) return null;
  return `${redirectUri} is neither https nor http on 127.0.0.1 or [::1] (localhost is refused, as at Spotify).`;
}

export interface Credentials {
  readonly method: ClientAuthenticationMethod | "several";
  readonly clientId: string | null;
  readonly secret: string | null;
}

/** Reads how a client authenticates (RFC 6749 §2.3.1); using two methods at once is "several". */
export function readCredentials(headers: Headers, form: URLSearchParams): Credentials {
  const authorization = headers.get("authorization");
  const inBody = form.has("client_secret");
  if (authorization !== null) {
    const [clientId, secret] = decodeBasic(authorization);
    const contradicts = form.has("client_id") && form.get("client_id") !== clientId;
    return { method: inBody || contradicts ? "several" : "client_secret_basic", clientId, secret };
  }
  return {
    method: inBody ? "client_secret_post" : "none",
    clientId: form.get("client_id"),
    secret: form.get("client_secret"),
  };
}

function decodeBasic(authorization: string): [string | null, string | null] {
  const encoded = /^basic ([a-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return [null, null];
  try {
    const [clientId = "", secret] = atob(encoded).split(":");
    if (secret === undefined) return [null, null];
    return [decodeForm(clientId), decodeForm(secret)];
  } catch {
    return [null, null];
  }
}

function decodeForm(value: string): string {
  return decodeURIComponent(value.replaceAll("+", " "));
}
