import { type Claims, staticAuthenticator, type Tokens } from "@pixy/core";
import { providerFetch } from "../session/provider-fetch.ts";
import type { NewLogin } from "../settings/login-handler.ts";
import type { FullProfile } from "../settings/profile.ts";
import { RefusedLogin } from "../settings/refused-login.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { fetchProfile } from "./fetch-profile.ts";

export function newLogin<Data>(
  settings: Settings<Data>,
  clientId: string,
  { way, provider }: Recalled,
  tokens: Tokens,
  claims: Claims | null = null,
): NewLogin {
  let profile: Promise<FullProfile> | undefined;
  return {
    provider: way.key,
    scope: tokens.scope,
    clientId,
    claims,
    authorizedAt: new Date(tokens.authorizedAt ?? tokens.createdAt),
    accessToken: () => tokens.accessToken,
    profile: () => (profile ??= fetchProfile(settings, { way, provider }, clientId, tokens)),
    refuse: (reason) => new RefusedLogin(reason),
    // Late, because an app that never fetches needs no API.
    fetch: async (input, init) => providerFetch(settings, provider, staticAuthenticator(tokens), clientId)(input, init),
  };
}
