import { type Context, oauthError } from "../endpoints/endpoint.ts";
import type { ReceivedRequest } from "../state/recorded-request.ts";
import { readCredentials } from "../state/registration.ts";
import { type Dialect, hearing, say, type Words } from "./dialect.ts";

/** Where a revocation that is not RFC 7009's carries the token, and what is answered. */
export interface RevocationWords {
  /** Reads the token out of the request; null where it is not as the provider wants it. */
  readonly token: (request: ReceivedRequest) => string | null;
  /** Whether the client's credentials are wanted, by HTTP Basic. */
  readonly basic?: boolean;
  /** Another method than POST. */
  readonly method?: string;
  /** Whether only access tokens are known there. */
  readonly accessTokensAlone?: boolean;
  readonly done: Words;
  /** The answer for a token that is not alive (any more). */
  readonly gone: Words;
  /** The answer for a request that has no token where it belongs. */
  readonly malformed?: Words;
}

/** Answers revocations of another shape; the whole grant ends, as at every provider that has such a shape. */
export function revokes(shape: RevocationWords): Dialect {
  return hearing("revoke", (request, context) => {
    if (request.method !== (shape.method ?? "POST")) return new Response(null, { status: 405 });
    if (shape.basic && readCredentials(request.headers, new URLSearchParams()).clientId === null) {
      context.report(request, "client_authentication", "The revocation has no Basic authentication.");
      return oauthError(401, "invalid_client", "Client authentication failed");
    }
    const token = shape.token(request);
    if (token === null || token === "") {
      context.report(request, "missing_parameter", "The token stands nowhere.");
      return say(shape.malformed ?? { status: 400, body: { error: "invalid_request" } });
    }
    return say(end(context, token, shape.accessTokensAlone) ? shape.done : shape.gone);
  });
}

/** The token as the credential: `Authorization: Bearer`. */
export function bearerOf(request: ReceivedRequest): string | null {
  return /^bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

function end({ grants }: Context, token: string, accessTokensAlone = false): boolean {
  const access = grants.findAccessToken(token);
  const grant = (accessTokensAlone ? undefined : grants.findByRefreshToken(token)) ?? access?.grant;
  const isAlive = grant !== undefined && !grant.revoked && !access?.revoked;
  if (isAlive) grant.revoked = true;
  return isAlive;
}

/** Revokes by RFC 7009's form without asking who the client is; what is gone gets an error. */
export function revokesAnything(gone: Words): Dialect {
  return revokes({
    token: ({ form }) => form?.get("token") ?? null,
    done: { status: 200, body: {} },
    gone,
  });
}
