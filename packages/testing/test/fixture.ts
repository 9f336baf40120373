import type { AuthorizationServer } from "../src/provider/authorization-server.ts";
import { challengeOf, randomToken } from "../src/state/random.ts";

// For this package's own tests: an honest client, written with nothing but fetch, whose every step can be spoiled.

export const redirectUri = "http://127.0.0.1:3001/auth/callback";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;
type Parameters = Record<string, string | null>;

export interface Login {
  readonly verifier: string;
  readonly code: string;
}

/** Parameters with `null` are left out. */
export function encode(parameters: Parameters): string {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== null);
  return new URLSearchParams(pairs).toString();
}

export async function authorizationUrl(verifier: string, changes: Parameters = {}): Promise<string> {
  const parameters = {
    response_type: "code",
    client_id: "app",
    redirect_uri: redirectUri,
    code_challenge_method: "S256",
    code_challenge: await challengeOf(verifier),
    state: "state-of-this-login",
    scope: "user-read-private",
    ...changes,
  };
  return `/authorize?${encode(parameters)}`;
}

export async function logIn(server: AuthorizationServer, changes: Parameters = {}, verifier?: string): Promise<Login> {
  const used = verifier ?? randomToken("");
  const callback = await server.authorize(await authorizationUrl(used, changes), { person: "ada" });
  return { verifier: used, code: new URL(callback).searchParams.get("code") ?? "" };
}

export function post(
  fetch: Fetch,
  path: string,
  parameters: Parameters | string,
  init: RequestInit = {},
): Promise<Response> {
  const body = typeof parameters === "string" ? parameters : encode(parameters);
  const headers = { "content-type": "application/x-www-form-urlencoded", ...init.headers };
  return fetch(path, { method: "POST", redirect: "manual", ...init, headers, body });
}

export function exchange(fetch: Fetch, login: Login, changes: Parameters = {}): Promise<Response> {
  return post(fetch, "/api/token", {
    grant_type: "authorization_code",
    code: login.code,
    redirect_uri: redirectUri,
    client_id: "app",
    code_verifier: login.verifier,
    ...changes,
  });
}

export function refresh(fetch: Fetch, refreshToken: string, changes: Parameters = {}): Promise<Response> {
  const parameters = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: "app", ...changes };
  return post(fetch, "/api/token", parameters);
}

export interface TokenBody {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly refresh_token?: string;
}

export async function bodyOf(response: Response): Promise<TokenBody> {
  return (await response.json()) as TokenBody;
}

export async function obtainTokens(
  server: AuthorizationServer,
  changes: Parameters = {},
): Promise<TokenBody & { refresh_token: string }> {
  const body = await bodyOf(await exchange(server.fetch, await logIn(server, changes)));
  return { ...body, refresh_token: body.refresh_token ?? "" };
}

export function callApi(fetch: Fetch, accessToken: string, path: string = "/v1/me"): Promise<Response> {
  return fetch(path, { headers: { authorization: `Bearer ${accessToken}` } });
}

export async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error;
}
