import { type Auth, createAuth } from "./auth.ts";
import type { ConnectingOptions, OptionsFor, ProviderKey } from "./settings/options.ts";
import type { Profile } from "./settings/profile.ts";

/**
 * Makes the login of each environment once: on Workers the bindings come with the request, and one module may serve
 * several. Environments are told apart by identity.
 *
 * @example
 * const authOf = perEnvironment((env: Env) => ({ provider: spotify, clientId: env.CLIENT_ID, baseUrl, secret: env.SECRET }));
 * export default { fetch: (request: Request, env: Env) => authOf(env).handle(request) };
 */
export function perEnvironment<Environment extends object, Data = Profile | null, Key extends string = never>(
  resolve: (environment: Environment) => OptionsFor<Data, Key>,
): (environment: Environment) => Auth<Data, ProviderKey<Key>>;
export function perEnvironment<Environment extends object, Data = Profile | null, Key extends string = never>(
  resolve: (environment: Environment) => ConnectingOptions<Data, Key>,
): (environment: Environment) => Auth<Data, ProviderKey<Key>>;
export function perEnvironment<Environment extends object, Data, Key extends string>(
  resolve: (environment: Environment) => OptionsFor<Data, Key> | ConnectingOptions<Data, Key>,
): (environment: Environment) => Auth<Data, ProviderKey<Key>> {
  const made = new WeakMap<Environment, Auth<Data, ProviderKey<Key>>>();
  return (environment) => {
    let auth = made.get(environment);
    if (auth === undefined) {
      // Where provider and client come from is a matter of types.
      auth = createAuth(resolve(environment) as OptionsFor<Data, Key>);
      made.set(environment, auth);
    }
    return auth;
  };
}
