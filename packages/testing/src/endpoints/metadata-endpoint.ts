import { deviceGrantType } from "../state/devices.ts";
import type { Settings } from "../state/settings.ts";
import { json } from "./endpoint.ts";

export interface Paths {
  readonly authorize: string;
  readonly token: string;
  /** Null where the server has no revocation endpoint. */
  readonly revoke: string | null;
  /** The device authorization endpoint; null or left out where the server has no device grant. */
  readonly device?: string | null;
}

/** Returns where a server's metadata is: between host and path of the issuer (RFC 8414 §3.1). */
export function metadataPath(issuer: string): string {
  const { pathname } = new URL(issuer);
  return `/.well-known/oauth-authorization-server${pathname.replace(/\/$/, "")}`;
}

/** Answers with the server's metadata (RFC 8414 §2, RFC 9207 §3). */
export function metadataEndpoint({ issuer, announceIssuer }: Settings, paths: Paths): Response {
  const at = (path: string): string => new URL(path, issuer).href;
  return json(200, {
    issuer,
    authorization_endpoint: at(paths.authorize),
    token_endpoint: at(paths.token),
    ...(paths.revoke === null ? {} : { revocation_endpoint: at(paths.revoke) }),
    ...(paths.device ? { device_authorization_endpoint: at(paths.device) } : {}),
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: [
      ...["authorization_code", "refresh_token", "client_credentials"],
      ...(paths.device ? [deviceGrantType] : []),
    ],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
    code_challenge_methods_supported: ["S256"],
    ...(announceIssuer ? { authorization_response_iss_parameter_supported: true } : {}),
  });
}
