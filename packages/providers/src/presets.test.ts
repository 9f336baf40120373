import { readdirSync } from "node:fs";
import { createClient, defineProvider, type Provider, secretBasic } from "@pixy/core";
import { describe, expect, it } from "vitest";

const files = readdirSync(new URL(".", import.meta.url)).filter((name) => /^\w+\.ts$/.test(name));
const modules = await Promise.all(
  files.map(async (name) => [name, (await import(`./${name}`)) as Readonly<Record<string, unknown>>] as const),
);
const made: Readonly<Record<string, (module: Readonly<Record<string, unknown>>) => unknown>> = {
  "microsoft.ts": ({ microsoft, consumers }) => (microsoft as (tenant: unknown) => unknown)(consumers),
  "reddit.ts": ({ reddit }) => (reddit as (agent: string) => unknown)("web:com.example.app:1.0 (by /u/ada)"),
};

/** Every preset of this package. */
const presets: readonly (readonly [string, Provider])[] = modules.flatMap(([file, module]) =>
  [...Object.values(module), made[file]?.(module)]
    .filter((value): value is Provider => typeof value === "object" && value !== null && "tokenEndpoint" in value)
    .map((provider) => [provider.name, provider] as const),
);

describe.each(presets)("the preset %s", (_name, provider) => {
  it("is what defineProvider makes of it", () => {
    expect(defineProvider(provider)).toEqual(provider);
    expect(Object.isFrozen(provider.refreshTokens)).toBe(true);
  });

  // Else a list that is none costs the whole profile, or a token answer its tokens.
  it.each([[undefined], [null], [0], [""], ["x"], [[]], [[null]], [{}], [{ values: "x" }], [{ values: [null] }]])(
    "reads an answer in which every member is %j",
    (odd) => {
      const members = new Proxy<Readonly<Record<string, unknown>>>({}, { get: () => odd });
      const { profile = {}, answer = {} } = provider;
      for (const path of Object.values(profile)) if (typeof path === "function") path(members);
      for (const request of ["code", "refresh", "revoke", "device"] as const) {
        answer.tokens?.(members, request);
        for (const status of [200, 400, 422]) answer.error?.({ request, status, body: "json", members });
      }
    },
  );

  it("has a client with a secret, and one without where there is PKCE", () => {
    const registration = { provider, clientId: "id", redirectUri: "https://app.example/auth/callback" };
    expect(createClient({ ...registration, authentication: secretBasic("secret") }).provider).toBe(provider);
    const publicly = () => createClient(registration);
    if (provider.pkce) expect(publicly).toThrow(expect.objectContaining({ option: "authentication" }));
    else expect(publicly().clientId).toBe("id");
  });
});

it("there are 25 presets, with names of their own", () => {
  const names = presets.map(([name]) => name);
  expect(names.sort()).toMatchInlineSnapshot(`
    [
      "atlassian",
      "bitbucket",
      "box",
      "discord",
      "dropbox",
      "facebook",
      "figma",
      "github",
      "github-app",
      "gitlab",
      "google",
      "hubspot",
      "linear",
      "linkedin",
      "microsoft",
      "notion",
      "reddit",
      "salesforce",
      "slack",
      "spotify",
      "strava",
      "tiktok",
      "twitch",
      "x",
      "zoom",
    ]
  `);
  expect(new Set(names).size).toBe(names.length);
});
