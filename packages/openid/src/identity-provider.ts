import { DiscoveryError, defineProvider, metadataOf, type ProfileRule, type Provider } from "@pixy/core";
import { algorithmsOf } from "./algorithms.ts";
import { backChannelLogout } from "./back-channel-logout.ts";
import { withProofs } from "./dpop.ts";
import type { IdTokenRules } from "./id-token.ts";
import { identitySteps } from "./identity-steps.ts";
import type { KeySet } from "./key-set.ts";
import { logoutSteps } from "./logout.ts";
import type { OpenIdSettings } from "./options.ts";
import { pushedLogin } from "./pushed-login.ts";

const names: ProfileRule = {
  scopes: ["openid", "profile", "email"],
  ...{ id: "sub", name: "name", email: "email", emailVerified: "email_verified", picture: "picture" },
};

/**
 * Gives a provider that was found the steps of OpenID Connect.
 *
 * @throws DiscoveryError where its metadata lack what the app wants
 */
export function identityProvider(found: Provider, settings: OpenIdSettings, keys: KeySet): Provider {
  const { now, logout } = settings;
  const announced = metadataOf(found).id_token_signing_alg_values_supported;
  const rules: IdTokenRules = { ...settings, keys, algorithms: algorithmsOf(settings.algorithms, announced) };
  const at = (name: string) => endpointOf(name, found, settings);
  const steps = identitySteps(rules, now);
  return defineProvider({
    profile: settings.userinfo ? { ...names, url: at("userinfo_endpoint") } : names,
    ...found,
    ...(settings.dpop ? { ...withProofs(steps, settings.nonces), tokenTypes: ["DPoP"] } : steps),
    ...(logout ? logoutSteps(at("end_session_endpoint"), logout) : {}),
    ...(settings.pushedLogin || metadataOf(found).require_pushed_authorization_requests === true
      ? pushedLogin(at("pushed_authorization_request_endpoint"), {
          fetch: settings.fetch,
          headers: found.headers?.token ?? {},
        })
      : {}),
    ...(settings.backChannelLogout ? backChannelLogout(rules, now) : {}),
  });
}

/**
 * An endpoint that only the metadata name.
 *
 * @throws DiscoveryError
 */
export function endpointOf(name: string, found: Provider, { allowInsecureLoopback }: OpenIdSettings): string {
  const value = metadataOf(found)[name];
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  const isLoopback = url?.protocol === "http:" && /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname);
  if (url?.protocol === "https:" || (isLoopback && allowInsecureLoopback)) return String(value);
  throw new DiscoveryError(`The provider's metadata has no usable ${name}.`, {
    code: "invalid_metadata",
    hint: "Is this a provider of OpenID Connect? If so, leave out the option that needs this.",
  });
}
