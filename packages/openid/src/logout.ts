import { type Claims, ConfigurationError, checkMembers, type Members, type ProviderSteps } from "@pixy/core";

/** How the login at the provider is ended. */
export interface LogoutOptions {
  /** Further parameters, such as `ui_locales` or `state`, which comes back with the browser. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /**
   * `false`: no ID token is kept with the session, and the provider asks the person. Default true: one of at most 2,048 octets
   * is kept, and the provider asks nobody; of a larger one its `login_hint` or `sid`, which some providers take as `logout_hint`.
   */
  readonly idTokenHint?: boolean | undefined;
}

/** Octets of an ID token and of a claim: they travel in a cookie and in a URL. */
const largest = 2_048;
const longest = 512;
const ours = /^(id_token_hint|logout_hint|post_logout_redirect_uri|client_id)$/;

/**
 * Checks what is wanted of a logout, and tells whether the ID token is kept for it.
 *
 * @throws ConfigurationError
 */
export function checkLogoutOptions(logout: boolean | LogoutOptions | undefined): boolean {
  if (logout === undefined || typeof logout === "boolean") return logout === true;
  checkMembers("logout", logout, { parameters: 1, idTokenHint: 1 } satisfies Members<keyof LogoutOptions>);
  const reserved = Object.keys(logout.parameters ?? {}).find((name) => ours.test(name));
  if (reserved === undefined) return logout.idTokenHint !== false;
  throw new ConfigurationError(`The parameter ${reserved} is not yours to set.`, {
    code: "reserved_parameter",
    option: `logout.parameters.${reserved}`,
    hint: "Remove it. Where a logout leads to is the app's option afterLogout.",
  });
}

/** What is kept of an ID token for a logout: the token, or who it was in the provider's own words. */
export function hintOf(idToken: unknown, { login_hint, sid }: Claims): Readonly<Record<string, string>> {
  if (typeof idToken === "string" && idToken.length <= largest) return { idToken };
  const logoutHint = [login_hint, sid].find(
    (hint) => typeof hint === "string" && hint !== "" && hint.length <= longest,
  );
  return typeof logoutHint === "string" ? { logoutHint } : {};
}

/**
 * Leads a logout over the provider, which ends its login and leads back.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OpenID Connect RP-Initiated Logout section 2}
 */
export function logoutSteps(endpoint: string, options: true | LogoutOptions): Pick<ProviderSteps, "logoutUri"> {
  const { parameters = {} } = options === true ? {} : options;
  return {
    logoutUri({ clientId, tokens, returnTo }) {
      const url = new URL(endpoint);
      const { idToken, logoutHint } = tokens.extra ?? {};
      const hints = { id_token_hint: idToken, logout_hint: logoutHint };
      const given = { ...parameters, client_id: clientId, post_logout_redirect_uri: returnTo, ...hints };
      for (const [name, value] of Object.entries(given)) if (value !== undefined) url.searchParams.set(name, value);
      return url.href;
    },
  };
}
