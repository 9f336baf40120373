import {
  type AnswerReader,
  type Authenticator,
  type Client,
  type ClientAuthentication,
  createClient,
  createTokens,
  defineProvider,
  pkceAuthenticator,
  type RefreshTokenRules,
  type RenewalOptions,
  type Tokens,
} from "../src/index.ts";
import { type Answer, json, type ProviderServer, serve } from "./provider-server.ts";

/** What the login brought, an hour before `expired`. */
export const initial: Tokens = createTokens({
  accessToken: "first",
  tokenType: "Bearer",
  expiresIn: 3600,
  scope: ["a"],
  refreshToken: "r0",
  createdAt: 0,
  authorizedAt: 0,
});
export const expired = 3_600_000;

export interface RenewalStage {
  /** The clock; it stands at `expired`. */
  now: number;
  /** Given one after the other; then the provider answers with a1 and r1, a2 and r2, by the count of requests. */
  readonly answers: Answer[];
  readonly server: ProviderServer;
  readonly client: Client;
  readonly authenticator: Authenticator;
  sent(): number;
  /** An authenticator of somebody else. */
  another(options?: RenewalOptions, tokens?: Tokens): Authenticator;
}

export interface RenewalRules extends Partial<RefreshTokenRules> {
  readonly answer?: AnswerReader;
  readonly authentication?: ClientAuthentication;
}

/** A token endpoint that answers what the test says, and somebody whose access token has just expired. */
export async function renewalStage(
  run: (stage: RenewalStage) => Promise<void>,
  { answer, authentication, ...refreshTokens }: RenewalRules = {},
): Promise<void> {
  const answers: Answer[] = [];
  const server: ProviderServer = await serve((response, request) => {
    const count = server.seen.length;
    const tokens = { access_token: `a${count}`, expires_in: 3600, refresh_token: `r${count}` };
    (answers.shift() ?? json(tokens))(response, request);
  });
  const { origin } = server;
  const provider = defineProvider({
    ...{ name: "as", issuer: origin, authorizationEndpoint: `${origin}/authorize`, tokenEndpoint: `${origin}/token` },
    ...{ allowInsecureLoopback: true, refreshTokens, ...(answer ? { answer } : {}) },
  });
  const client = createClient({
    ...{
      provider,
      clientId: "id",
      redirectUri: "http://127.0.0.1:1/cb",
      ...(authentication ? { authentication } : {}),
    },
  });
  const time = { now: expired };
  const another: RenewalStage["another"] = (options, tokens = initial) =>
    pkceAuthenticator(client, tokens, { now: () => stage.now, ...options });
  const stage: RenewalStage = Object.assign(time, {
    ...{ answers, server, client, another, sent: () => server.seen.length },
    authenticator: pkceAuthenticator(client, initial, { now: () => time.now }),
  });
  try {
    await run(stage);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}
