import { oauthError } from "../endpoints/endpoint.ts";
import { readCredentials } from "../state/registration.ts";
import { type Dialect, hearing, put, withForm, withQuery } from "./dialect.ts";

/** How a client may prove itself: `post` and `basic` with a secret, `none` by its id alone. */
export type Method = "none" | "basic" | "post";

const methods = { none: "none", basic: "client_secret_basic", post: "client_secret_post" } as const;

/**
 * Takes these methods of authentication and no other. Where the test registered clients, the strict server checks the
 * secret; else any client id goes with any secret.
 */
export function authenticates(...taken: readonly Method[]): Dialect {
  return hearing(["token", "revoke"], (request, context) => {
    if (request.form === null) return request;
    const { method, clientId } = readCredentials(request.headers, request.form);
    if (!taken.some((name) => methods[name] === method)) {
      context.report(request, "client_authentication", `The client authenticates with ${method}.`);
      return oauthError(401, "invalid_client", "Client authentication failed");
    }
    if (context.registrations !== null) return request;
    const headers = new Headers(request.headers);
    headers.delete("authorization");
    const bare = withForm(request, (form) => {
      put(form, "client_id", clientId);
      put(form, "client_secret", null);
    });
    return { ...bare, headers };
  });
}

/** Calls the client id otherwise, in the login URL and in forms; `client_id` names nobody there. */
export function callsClientId(name: string): Dialect {
  const rename = (parameters: URLSearchParams): void => {
    const clientId = parameters.get(name);
    put(parameters, name, null);
    put(parameters, "client_id", clientId);
  };
  return hearing(["authorize", "token", "revoke"], (request) => withForm(withQuery(request, rename), rename));
}
