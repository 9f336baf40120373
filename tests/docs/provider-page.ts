import type { Provider } from "@pixy/core";
import type { Facts, Source } from "../../packages/providers/src/shared/facts.ts";

/** What a page is made of. */
export interface Described {
  /** The subpath, such as `github`. */
  readonly name: string;
  readonly facts: Facts;
  /** `null` where it is found at first use. */
  readonly provider: Provider | null;
  /** The type of its scopes, where it publishes a list. */
  readonly scopeType: string | null;
}

const howRead =
  "The provider was not asked. Each of these was read in a stored copy, whole or in part, on the day beside it, and not checked again since.";

const whoIsThere =
  "**Who the person is.** Metadata describe no profile: take [`openid(issuer)`](../../packages/openid/README.md) in the place of `discover(issuer)`. It verifies the ID token, and has the profile from there.";

const authentications = { none: null, basic: "secretBasic", post: "secretPost" } as const;

/** Writes the page of a provider. */
export function providerPage({ name, facts, provider, scopeType }: Described): string {
  const { title, register, redirects, refreshToken, odd, unverified, sources } = facts;
  const sections = [
    `# ${title}`,
    `Register an app: ${register} Its redirect URI is \`BASE_URL/auth/callback\`. Redirect URIs: ${redirects}`,
    `\`\`\`sh\nnpm install @pixy/express ${facts.discover ? "" : "@pixy/providers "}${wantsStore(facts, provider) ? "@pixy/redis redis" : ""}`.trimEnd() +
      "\n```",
    exampleOf(name, facts, provider),
    `**A refresh token.** ${refreshToken}`,
    ...(scopeType
      ? [
          `**Scopes.** \`${scopeType}\` lists them: \`scope: […] satisfies ${scopeType}[]\` finds one that is spelt wrong.`,
        ]
      : []),
    ...(facts.discover || facts.expression?.startsWith("()") ? [whoIsThere] : []),
    ...(provider ? [`## What the preset says\n\n${tableOf(provider)}`] : []),
    `## What is odd\n\n${listOf(odd)}`,
    `## Unverified\n\nNobody here could read this at the provider. It is from memory, or told at second hand:\n\n${listOf(unverified)}`,
    `## Sources\n\n${howRead}\n\n${listOf(sources.map(told))}`,
    "Written by `npx -y pnpm@12 write providers`, from the preset and the facts beside it.",
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What `pixy init` has to know: see `ProviderChoice`. */
export function providerChoice(name: string, facts: Facts): Readonly<Record<string, string>> {
  const { title, register, redirects, client, scope, expression = name, discover } = facts;
  return {
    ...{ name, title, register, redirects },
    authentication: authentications[client] ?? "none",
    expression: discover ? `() => discover("${discover}", { openid: true })` : expression,
    scope: scope.join(" "),
  };
}

// Where a refresh token is used up by its use, several processes have to agree on who uses it.
function wantsStore(facts: Facts, provider: Provider | null): boolean {
  const rules = provider?.refreshTokens;
  return facts.store === true || (rules?.rotation === "rotating" && !rules.grace);
}

function exampleOf(name: string, facts: Facts, provider: Provider | null): string {
  const authentication = authentications[facts.client];
  const store = wantsStore(facts, provider);
  const made = facts.expression ?? name;
  const imported = /^(?:\(\) => )?(\w+)/.exec(made)?.[1];
  const ours = ["pixy", ...(facts.discover ? ["discover"] : []), ...(authentication ? [authentication] : [])].sort();
  const lines = [
    `import { ${ours.join(", ")} } from "@pixy/express";`,
    ...(facts.discover ? [] : [`import { ${imported} } from "@pixy/providers/${name}";`]),
    ...(store ? ['import { redisStore } from "@pixy/redis";', 'import { createClient } from "redis";'] : []),
    "",
    ...(store
      ? [
          "const redis = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true });",
          "await redis.connect();",
          "",
        ]
      : []),
    "const auth = pixy({",
    `  provider: ${facts.discover ? `() => discover("${facts.discover}", { openid: true${givenOf(facts)} })` : made},`,
    ...["clientId", "baseUrl", "secret"].map((option) => `  ${option},`),
    ...(facts.scope.length > 0 ? [`  scope: ${JSON.stringify(facts.scope).replaceAll(",", ", ")},`] : []),
    ...(authentication ? [`  clientAuthentication: ${authentication}(clientSecret),`] : []),
    ...(store ? ["  store: redisStore(redis),"] : []),
    "});",
  ];
  return `\`\`\`ts\n${lines.join("\n")}\n\`\`\``;
}

function givenOf({ given }: Facts): string {
  return given === undefined
    ? ""
    : `, provider: { refreshTokens: { retryUnknown: ${given.refreshTokens.retryUnknown} } }`;
}

function tableOf(provider: Provider): string {
  const { refreshTokens: rules, profile, pkce, scope = {}, revocationEndpoint, refreshEndpoint } = provider;
  const { deviceAuthorizationEndpoint } = provider;
  const { rotation, grace = 0, lifetime, idleLifetime, stated, retryUnknown } = rules;
  const clocks = [
    ...(idleLifetime ? [`${daysOf(idleLifetime)} without use`] : []),
    ...(lifetime ? [`${daysOf(lifetime)} from the consent`] : []),
    ...(stated ? [`\`${stated.field}\` of the answer`] : []),
  ];
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["issuer", code(provider.issuer)],
    ["login", code(provider.authorizationEndpoint)],
    ["tokens", code(provider.tokenEndpoint)],
    ["on another screen", deviceAuthorizationEndpoint && code(deviceAuthorizationEndpoint)],
    ["refreshes", refreshEndpoint && code(refreshEndpoint)],
    ["revocation", revocationEndpoint ? code(revocationEndpoint) : "none"],
    ["API", provider.api && code(provider.api)],
    ["PKCE", pkce ? "none: a client needs a secret" : "S256"],
    [
      "scopes",
      scope.separator === "," ? `with commas${scope.parameter ? `, as \`${scope.parameter}\`` : ""}` : undefined,
    ],
    ["a refresh", { rotating: "replaces the refresh token", reusable: "keeps it", either: "may replace it" }[rotation]],
    [
      "a replaced one",
      grace === 0 ? undefined : `is answered ${grace === "unlimited" ? "for good" : `for ${grace} seconds`}`,
    ],
    ["a refresh token ends", clocks.length > 0 ? `after ${clocks.join(", or after ")}` : undefined],
    ["a lost answer", retryUnknown ? "is asked for again" : "is asked for again when the access token no longer works"],
    [
      "profile",
      profile
        ? `${code(profile.url ?? "")}${profile.scopes?.length ? `, with ${profile.scopes.map(code).join(", ")}` : ""}`
        : "none",
    ],
  ];
  const told = rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  return ["| | |", "| --- | --- |", ...told.map(([what, how]) => `| ${what} | ${how} |`)].join("\n");
}

function told({ url, read, copyOf, by }: Source): string {
  const copy = copyOf ? `, a copy of ${copyOf}` : "";
  const address = by === "title" ? " by its title; this address was not checked" : "";
  return `<${url}>${copy}, read on ${read}${address}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function daysOf(seconds: number): string {
  return `${Math.round(seconds / 86_400)} days`;
}

function listOf(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
