import { type Auth, createAuth } from "./auth.ts";
import type { OptionsFor } from "./settings/options.ts";

/**
 * Makes the login of each environment once: on Workers the bindings come with the request, and one module may serve
 * several. Environments are told apart by identity.
 */
export function perEnvironment<Environment extends object, Data>(
  resolve: (environment: Environment) => OptionsFor<Data>,
): (environment: Environment) => Auth<Data> {
  const made = new WeakMap<Environment, Auth<Data>>();
  return (environment) => {
    let auth = made.get(environment);
    if (auth === undefined) {
      auth = createAuth(resolve(environment));
      made.set(environment, auth);
    }
    return auth;
  };
}
