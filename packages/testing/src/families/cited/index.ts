import type { FamilyName } from "../families.ts";
import { atlassian } from "./atlassian.ts";
import { auth0 } from "./auth0.ts";
import { bitbucket } from "./bitbucket.ts";
import { box } from "./box.ts";
import type { Cited } from "./cited.ts";
import { discord } from "./discord.ts";
import { dropbox } from "./dropbox.ts";
import { facebook } from "./facebook.ts";
import { figma } from "./figma.ts";
import { fitbit } from "./fitbit.ts";
import { github, githubApp } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { hubspot } from "./hubspot.ts";
import { keycloak } from "./keycloak.ts";
import { linear } from "./linear.ts";
import { linkedin } from "./linkedin.ts";
import { microsoft } from "./microsoft.ts";
import { notion } from "./notion.ts";
import { reddit } from "./reddit.ts";
import { salesforce } from "./salesforce.ts";
import { slack } from "./slack.ts";
import { strava } from "./strava.ts";
import { tiktok } from "./tiktok.ts";
import { twitch } from "./twitch.ts";
import { x } from "./x.ts";
import { zoom } from "./zoom.ts";

/** What was read about each provider; in no bundle. */
export const cited: Readonly<Partial<Record<FamilyName, Cited>>> = {
  ...{ atlassian, auth0, bitbucket, box, discord, dropbox, facebook, figma, fitbit, github, "github-app": githubApp },
  ...{ gitlab, google, hubspot, keycloak, linear, linkedin, microsoft, notion, reddit, salesforce, slack, strava },
  ...{ tiktok, twitch, x, zoom },
};
