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

/** A preset, and the server that it is tried against. */
export interface Preset extends ProviderContract {
  readonly name: string;
  /** Rules that the server cannot miss, and why. */
  readonly unseen?: Readonly<Record<string, string>>;
}

const ignored = "A challenge is ignored, and leaving it out keeps the verifier off the wire.";

/** Where a server describes itself; that its API is there, too, is said by whoever has one. */
const found = (as: FamilyName) => ({
  fetch: createAuthorizationServer({ as }).fetch,
  provider: { api: new URL(families[as].issuer).origin },
});
/** A provider that needs no preset: the line of its page, with the server in the place of a tenant. */
const foundByLine = async (as: FamilyName): Promise<Preset> => ({
  name: as,
  provider: await discover(families[as].issuer, { openid: true, ...found(as) }),
  as,
});
const noResource = "Without `resource` there are tokens all the same, and only an API of one's own refuses them.";

export const presets: readonly Preset[] = [
  { name: "atlassian", provider: atlassian, as: "atlassian" },
  { name: "bitbucket", provider: bitbucket, as: "bitbucket" },
  { name: "box", provider: box, as: "box" },
  { name: "discord", provider: discord, as: "discord" },
  { name: "dropbox", provider: dropbox, as: "dropbox" },
  { name: "facebook", provider: facebook, as: "facebook" },
  { name: "figma", provider: figma, as: "figma", death: "kept" },
  { name: "github", provider: github, as: "github" },
  { name: "github-app", provider: githubApp, as: "github-app" },
  { name: "gitlab", provider: gitlab, as: "gitlab" },
  { name: "google", provider: google, as: "google" },
  {
    name: "hubspot",
    provider: hubspot,
    as: "hubspot",
    unseen: { pkce: ignored },
  },
  { name: "linear", provider: linear, as: "linear" },
  { name: "linkedin", provider: linkedin, as: "linkedin" },
  { name: "microsoft", provider: microsoft(consumers), as: "microsoft" },
  { name: "notion", provider: notion, as: "notion", unseen: { pkce: ignored } },
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
  { name: "tiktok", provider: tiktok, as: "tiktok" },
  { name: "twitch", provider: twitch, as: "twitch", unseen: { pkce: ignored } },
  { name: "x", provider: x, as: "x" },
  {
    name: "zoom",
    provider: zoom,
    as: "zoom",
    unseen: { "answer.error": "The server says invalid_grant beside it, as people report of Zoom." },
  },
  { name: "cognito", provider: await cognito("eu-central-1", "eu-central-1_Engines", found("cognito")), as: "cognito" },
  { name: "keycloak", provider: await keycloak(families.keycloak.issuer, found("keycloak")), as: "keycloak" },
  {
    name: "logto",
    provider: await logto(families.logto.issuer, "https://api.engines.example", found("logto")),
    as: "logto",
    unseen: { "parameters.code": noResource, "parameters.refresh": noResource },
  },
  ...(await Promise.all((["auth0", "kinde", "okta", "zitadel"] as const).map(foundByLine))),
];
