import { atlassian } from "./atlassian.ts";
import { bitbucket } from "./bitbucket.ts";
import { box } from "./box.ts";
import { discord } from "./discord.ts";
import { dropbox } from "./dropbox.ts";
import { facebook } from "./facebook.ts";
import type { Family } from "./family.ts";
import { figma } from "./figma.ts";
import { fitbit } from "./fitbit.ts";
import { github, githubApp } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { hubspot } from "./hubspot.ts";
import { linear } from "./linear.ts";
import { linkedin } from "./linkedin.ts";
import { microsoft } from "./microsoft.ts";
import { notion } from "./notion.ts";
import { auth0, cognito, keycloak, kinde, logto, okta, zitadel } from "./openid.ts";
import { reddit } from "./reddit.ts";
import { salesforce } from "./salesforce.ts";
import { slack } from "./slack.ts";
import { spotify } from "./spotify.ts";
import { strava } from "./strava.ts";
import { tiktok } from "./tiktok.ts";
import { twitch } from "./twitch.ts";
import { x } from "./x.ts";
import { zoom } from "./zoom.ts";

/** Every provider that the server can answer as, by the name that `as` takes. */
export const families = Object.freeze({
  ...{ atlassian, auth0, bitbucket, box, cognito, discord, dropbox, facebook, figma, fitbit, github },
  ...{ "github-app": githubApp, gitlab, google, hubspot, keycloak, kinde, linear, linkedin, logto, microsoft },
  ...{ notion, okta, reddit, salesforce, slack, spotify, strava, tiktok, twitch, x, zitadel, zoom },
} satisfies Record<string, Family>) as Readonly<Record<FamilyName, Family>>;

/** What `as` takes. */
export type FamilyName =
  | "atlassian"
  | "auth0"
  | "bitbucket"
  | "box"
  | "cognito"
  | "discord"
  | "dropbox"
  | "facebook"
  | "figma"
  | "fitbit"
  | "github"
  | "github-app"
  | "gitlab"
  | "google"
  | "hubspot"
  | "keycloak"
  | "kinde"
  | "linear"
  | "linkedin"
  | "logto"
  | "microsoft"
  | "notion"
  | "okta"
  | "reddit"
  | "salesforce"
  | "slack"
  | "spotify"
  | "strava"
  | "tiktok"
  | "twitch"
  | "x"
  | "zitadel"
  | "zoom";
