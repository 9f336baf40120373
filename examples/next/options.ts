import { Scopes } from "@pixy/providers/spotify";
import type { PixyOptions } from "@pixy/server";
import type { Environment } from "example-shared/environment";

/** The port where `PORT` is not set. */
export const preset = { port: 3002 } as const;

/** What the app keeps of a person. */
export interface Profile {
  readonly displayName: string;
}

export function optionsOf({ provider, clientId, baseUrl, secret }: Environment): PixyOptions<Profile> {
  return {
    provider,
    clientId,
    baseUrl,
    secret,
    name: "pixy-next",
    longestPause: 10,
    scope: [Scopes.UserReadPrivate],
    publicData: ({ displayName }) => ({ displayName }),
    async onLogin(login) {
      const { name, id } = await login.profile();
      return { displayName: name ?? id };
    },
  };
}
