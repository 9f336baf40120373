import { discover } from "@pixy/core";
import { atlassian } from "@pixy/providers/atlassian";
import { bitbucket } from "@pixy/providers/bitbucket";
import { box } from "@pixy/providers/box";
import { cognito } from "@pixy/providers/cognito";
import { discord } from "@pixy/providers/discord";
import { dropbox } from "@pixy/providers/dropbox";
import { facebook } from "@pixy/providers/facebook";
import { figma } from "@pixy/providers/figma";
import { github, githubApp } from "@pixy/providers/github";
import { gitlab } from "@pixy/providers/gitlab";
import { google } from "@pixy/providers/google";
import { hubspot } from "@pixy/providers/hubspot";
import { keycloak } from "@pixy/providers/keycloak";
import { linear } from "@pixy/providers/linear";
import { linkedin } from "@pixy/providers/linkedin";
import { logto } from "@pixy/providers/logto";
import { consumers, microsoft } from "@pixy/providers/microsoft";
import { notion } from "@pixy/providers/notion";
import { reddit } from "@pixy/providers/reddit";
import { salesforce } from "@pixy/providers/salesforce";
import { slack } from "@pixy/providers/slack";
import { spotify } from "@pixy/providers/spotify";
import { strava } from "@pixy/providers/strava";
import { tiktok } from "@pixy/providers/tiktok";
import { twitch } from "@pixy/providers/twitch";
import { x } from "@pixy/providers/x";
import { zoom } from "@pixy/providers/zoom";
import { createAuthorizationServer, type FamilyName, families, type ProviderContract } from "@pixy/testing";
import { facts as auth0 } from "../../packages/providers/src/auth0.facts.ts";
import { facts as kinde } from "../../packages/providers/src/kinde.facts.ts";
import { facts as okta } from "../../packages/providers/src/okta.facts.ts";
import type { Facts } from "../../packages/providers/src/shared/facts.ts";
import { facts as zitadel } from "../../packages/providers/src/zitadel.facts.ts";

/** A preset, and the server that it is tried against. */
export interface Preset extends ProviderContract {
  readonly name: string;
  /** Rules that the server cannot miss, and why. */
  readonly unseen?: Readonly<Record<string, string>>;
}

const careful = "What a second use ends could be read nowhere: the preset is careful, and the server forgives.";
const statedToo = "Each answer states it: the number is for one that does not.";
const ignored = "A challenge is ignored, and leaving it out keeps the verifier off the wire.";

/** Where a server describes itself; that its API is there, too, is said by whoever has one. */
const found = (as: FamilyName) => ({
  fetch: createAuthorizationServer({ as }).fetch,
  provider: { api: new URL(families[as].issuer).origin },
});
/** A provider that needs no preset: the line of its page, with the server in the place of a tenant. */
async function foundByLine(as: FamilyName, { given }: Facts): Promise<Preset> {
  const { fetch, provider } = found(as);
  return {
    name: as,
    as,
    provider: await discover(families[as].issuer, { openid: true, fetch, provider: { ...given, ...provider } }),
  };
}
const noResource = "Without `resource` there are tokens all the same, and only an API of one's own refuses them.";

export const presets: readonly Preset[] = [
  {
    ...{ name: "atlassian", provider: atlassian, as: "atlassian" },
    unseen: {
      "refreshTokens.lifetime": "Ninety days without use come before a year of use.",
      "refreshTokens.retryUnknown": "Within the grace it does not count, and after that a login is asked for.",
    },
  },
  { name: "bitbucket", provider: bitbucket, as: "bitbucket" },
  { name: "box", provider: box, as: "box", unseen: { "refreshTokens.retryUnknown": careful } },
  { name: "discord", provider: discord, as: "discord" },
  { name: "dropbox", provider: dropbox, as: "dropbox" },
  { name: "facebook", provider: facebook, as: "facebook" },
  { name: "figma", provider: figma, as: "figma", death: "kept" },
  { name: "github", provider: github, as: "github" },
  {
    ...{ name: "github-app", provider: githubApp, as: "github-app" },
    unseen: { "refreshTokens.idleLifetime": statedToo },
  },
  { name: "gitlab", provider: gitlab, as: "gitlab" },
  { name: "google", provider: google, as: "google" },
  {
    name: "hubspot",
    provider: hubspot,
    as: "hubspot",
    unseen: { pkce: ignored },
  },
  { name: "linear", provider: linear, as: "linear", unseen: { "refreshTokens.retryUnknown": careful } },
  { name: "linkedin", provider: linkedin, as: "linkedin", unseen: { "refreshTokens.lifetime": statedToo } },
  {
    ...{ name: "microsoft", provider: microsoft(consumers), as: "microsoft" },
    unseen: { "refreshTokens.grace": "By `retryUnknown` the same is done; the grace says for how long." },
  },
  { name: "notion", provider: notion, as: "notion", unseen: { pkce: ignored, "refreshTokens.retryUnknown": careful } },
  {
    name: "reddit",
    provider: reddit("web:com.example.app:1.0 (by /u/ada)"),
    as: "reddit",
    death: "kept",
    unseen: { pkce: ignored },
  },
  { name: "salesforce", provider: salesforce, as: "salesforce" },
  { name: "slack", provider: slack, as: "slack" },
  { name: "spotify", provider: spotify, as: "spotify" },
  { name: "strava", provider: strava, as: "strava", unseen: { pkce: ignored } },
  { name: "tiktok", provider: tiktok, as: "tiktok", unseen: { "refreshTokens.retryUnknown": careful } },
  { name: "twitch", provider: twitch, as: "twitch", unseen: { pkce: ignored } },
  { name: "x", provider: x, as: "x" },
  {
    name: "zoom",
    provider: zoom,
    as: "zoom",
    unseen: {
      "answer.error": "The server says invalid_grant beside it, as people report of Zoom.",
      "refreshTokens.retryUnknown": careful,
    },
  },
  { name: "cognito", provider: await cognito("eu-central-1", "eu-central-1_Engines", found("cognito")), as: "cognito" },
  { name: "keycloak", provider: await keycloak(families.keycloak.issuer, found("keycloak")), as: "keycloak" },
  {
    name: "logto",
    provider: await logto(families.logto.issuer, "https://api.engines.example", found("logto")),
    as: "logto",
    unseen: { "parameters.code": noResource, "parameters.refresh": noResource },
  },
  await foundByLine("auth0", auth0),
  await foundByLine("kinde", kinde),
  await foundByLine("okta", okta),
  await foundByLine("zitadel", zitadel),
];
