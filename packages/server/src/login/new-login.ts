import { providerFetch, staticAuthenticator, withApiOf } from "@pixy/core";
import type { NewLogin } from "../settings/login-handler.ts";
import type { FullProfile } from "../settings/profile.ts";
import { RefusedLogin } from "../settings/refused-login.ts";
import type { Settings } from "../settings/settings.ts";
import type { Exchanged } from "./exchanges.ts";
import { fetchProfile } from "./fetch-profile.ts";

export function newLogin<Data>(
  settings: Settings<Data>,
  clientId: string,
  { recalled: { way, provider }, tokens, claims, kept, posted }: Exchanged,
): NewLogin {
  let profile: Promise<FullProfile> | undefined;
  return {
    provider: way.key,
    scope: tokens.scope,
    clientId,
    claims,
    // The answer was JSON.
    kept: kept as NewLogin["kept"],
    posted,
    authorizedAt: new Date(tokens.authorizedAt ?? tokens.createdAt),
    accessToken: () => tokens.accessToken,
    profile: () => (profile ??= fetchProfile(settings, { way, provider }, { clientId, tokens, claims, posted })),
    refuse: (reason) => new RefusedLogin(reason),
    // Late, because an app that never fetches needs no API.
    fetch: async (input, init) =>
      providerFetch(withApiOf(provider, kept), staticAuthenticator(tokens), { clientId, fetch: settings.fetch })(
        input,
        init,
      ),
  };
}
