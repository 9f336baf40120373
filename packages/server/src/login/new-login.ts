import { type Claims, staticAuthenticator, type Tokens } from "@pixy/core";
import { providerFetch } from "../session/provider-fetch.ts";
import type { NewLogin } from "../settings/login-handler.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";

export function newLogin<Data>(
  settings: Settings<Data>,
  clientId: string,
  { way, provider }: Recalled,
  tokens: Tokens,
  claims: Claims | null = null,
): NewLogin {
  return {
    provider: way.key,
    scope: tokens.scope,
    clientId,
    claims,
    authorizedAt: new Date(tokens.authorizedAt ?? tokens.createdAt),
    accessToken: () => tokens.accessToken,
    // Late, because an app that never fetches needs no API.
    fetch: async (input, init) => providerFetch(settings, provider, staticAuthenticator(tokens), clientId)(input, init),
  };
}
