import { type Provider, presetProvider } from "@pixy/core";

type Mail = { readonly email: unknown; readonly is_primary: boolean; readonly is_confirmed: unknown };

// What is no list says nothing of an address; the rest of the profile is there all the same.
const primary = ({ emails }: Readonly<Record<string, unknown>>): Mail | undefined => {
  const { values } = Object(emails) as { readonly values?: unknown };
  return Array.isArray(values) ? values.find((mail: Mail | null) => mail?.is_primary) : undefined;
};

/** Bitbucket Cloud. Its two tokens of some 2,500 characters want a session store. */
export const bitbucket: Provider = /* @__PURE__ */ presetProvider({
  name: "bitbucket",
  issuer: "https://bitbucket.org",
  authorizationEndpoint: "https://bitbucket.org/site/oauth2/authorize",
  tokenEndpoint: "https://bitbucket.org/site/oauth2/access_token",
  api: "https://api.bitbucket.org",
  // Three months without use.
  refreshTokens: { rotation: "rotating", idleLifetime: 7_776_000 },
  profile: {
    url: "https://api.bitbucket.org/2.0/user",
    more: { emails: "https://api.bitbucket.org/2.0/user/emails" },
    scopes: ["account", "email"],
    id: "account_id",
    name: "display_name",
    email: (answer) => primary(answer)?.email,
    emailVerified: (answer) => primary(answer)?.is_confirmed,
    picture: ["links", "avatar", "href"],
  },
});
