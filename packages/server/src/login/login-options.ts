import { ConfigurationError, checkMembers, type Members } from "@pixy/core";
import type { Settings } from "../settings/settings.ts";
import { type ReturnPath, readReturnPath } from "../web/return-path.ts";

/** What server code may ask of a login beyond what the login route takes. */
export interface LoginOptions<Key extends string | null = string | null> {
  /** With several providers: the key of the one to log in at. */
  readonly provider?: NonNullable<Key> | undefined;
  /** Instead of the configured scope. */
  readonly scope?: readonly string[] | undefined;
  /** The person's own registration at the provider; kept with the login and the session. */
  readonly clientId?: string | undefined;
  /** A path of this app. Default: the start page. */
  readonly returnTo?: string | undefined;
  /** Further parameters for the provider; those that carry the protocol are refused. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What is asked of a login, with a path that was checked. */
export type LoginWish = Omit<LoginOptions, "returnTo"> & { readonly returnTo?: ReturnPath | undefined };

/**
 * Checks what server code asks of a login.
 *
 * @throws ConfigurationError that names the option
 */
export function readLoginOptions<Data>(settings: Settings<Data>, options: LoginOptions = {}): LoginWish {
  checkMembers("", options, {
    ...{ provider: 1, scope: 1, clientId: 1, returnTo: 1, parameters: 1 },
  } satisfies Members<keyof LoginOptions>);
  if (options.returnTo === undefined) return { ...options, returnTo: undefined };
  const returnTo = readReturnPath(options.returnTo, settings.baseUrl);
  if (returnTo !== null) return { ...options, returnTo };
  throw new ConfigurationError("The option returnTo cannot be used.", {
    code: "invalid_option",
    option: "returnTo",
    hint: 'Give a path of this app, such as "/playlists?page=2".',
  });
}
