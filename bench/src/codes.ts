import { createHash, randomBytes } from "node:crypto";
import * as core from "@pixy/core";
import { spotify } from "@pixy/providers/spotify";
import { generateCodeVerifier, Spotify, generateState as stateOfArctic } from "arctic";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import pkceChallenge from "pkce-challenge";
import { median } from "./throughput.ts";

export interface Rate {
  readonly name: string;
  readonly perSecond: number;
}

const redirectUri = "https://app.example/auth/callback";
const scope = ["user-read-private", "playlist-read-private"];
const server = {
  issuer: "https://accounts.spotify.com",
  authorization_endpoint: "https://accounts.spotify.com/authorize",
};
const configuration = new openid.Configuration(server, "bench", undefined, openid.None());
const arctic = new Spotify("bench", null, redirectUri);

/** What makes a login URL of ours, from whichever build. */
export type LoginLibrary = Pick<
  typeof core,
  "buildLoginUri" | "createClient" | "generateCodes" | "generateState" | "none"
> & { readonly spotify: core.Provider };

export function ourLoginUrl(library: LoginLibrary): () => Promise<URL> {
  const { buildLoginUri, createClient, generateCodes, generateState, none } = library;
  const client = createClient({ provider: library.spotify, clientId: "bench", redirectUri, authentication: none() });
  return async () => {
    const { challenge } = await generateCodes();
    return buildLoginUri(client, { scope, state: generateState(), codeChallenge: challenge });
  };
}

export const codes: Readonly<Record<string, () => unknown>> = {
  "(limit: node:crypto, synchronous)": () => {
    const verifier = randomBytes(75).toString("base64url");
    return [verifier, createHash("sha256").update(verifier).digest("base64url")];
  },
  "@pixy/core": () => core.generateCodes(),
  oauth4webapi: () => oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
  "openid-client": () => openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
  "pkce-challenge": () => pkceChallenge(100),
};

export const loginUrls: Readonly<Record<string, () => unknown>> = {
  "@pixy/core": ourLoginUrl({ ...core, spotify }),
  "arctic (synchronous)": () => arctic.createAuthorizationURL(stateOfArctic(), generateCodeVerifier(), scope),
  "openid-client": async () =>
    openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: scope.join(" "),
      state: openid.randomState(),
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: "S256",
    }),
};

/** One after the other, as a login does; slices of each contender take turns. */
export async function measureRates(contenders: Readonly<Record<string, () => unknown>>): Promise<Rate[]> {
  const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  const count = 500;
  for (let slice = -5; slice < 40; slice++) {
    for (const [name, make] of Object.entries(contenders)) {
      const start = process.hrtime.bigint();
      for (let index = 0; index < count; index++) {
        const made = make();
        if (made instanceof Promise) await made;
      }
      if (slice >= 0) times.get(name)?.push(Number(process.hrtime.bigint() - start) / 1e9);
    }
  }
  return Array.from(times, ([name, seconds]) => ({ name, perSecond: Math.round(count / median(seconds)) }));
}
