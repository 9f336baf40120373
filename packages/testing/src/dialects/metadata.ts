import type { Context } from "../endpoints/endpoint.ts";
import { type Dialect, say } from "./dialect.ts";

/** Answers a path with metadata of the provider's own shape. */
export function publishes(path: RegExp, metadata: (match: RegExpExecArray, context: Context) => unknown): Dialect {
  return (strict, context) => async (request, decided) => {
    const match = request.method === "GET" ? path.exec(request.url.pathname) : null;
    return match === null ? strict(request, decided) : say({ status: 200, body: metadata(match, context) });
  };
}

/** OpenID Connect's document for the endpoints of one server (Discovery section 3); `methods` are those of PKCE that it names. */
export function publishesOpenid(
  { authorize, token, revoke, userinfo }: Readonly<Record<"authorize" | "token" | "revoke" | "userinfo", string>>,
  methods: readonly string[] | undefined,
): Dialect {
  return publishes(/\/\.well-known\/openid-configuration$/, (_match, { settings: { issuer, announceIssuer } }) => {
    const at = (path: string): string => new URL(path, issuer).href;
    return {
      issuer,
      authorization_endpoint: at(authorize),
      token_endpoint: at(token),
      revocation_endpoint: at(revoke),
      userinfo_endpoint: at(userinfo),
      jwks_uri: at("/keys"),
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
      ...(methods === undefined ? {} : { code_challenge_methods_supported: methods }),
      ...(announceIssuer ? { authorization_response_iss_parameter_supported: true } : {}),
    };
  });
}
