import { checkMembers, createTokens, generateState, type Members, type Tokens } from "@pixy/core";
import { refuseOption } from "../settings/option-values.ts";
import type { PixyOptions } from "../settings/options.ts";
import type { Profile } from "../settings/profile.ts";
import { remember } from "../settings/remembered-provider.ts";
import { readOptions } from "../settings/settings.ts";
import { setCookieLine } from "../web/set-cookie.ts";
import { createSessions } from "./create-sessions.ts";
import { sessionCookies } from "./session-cookie.ts";
import { readSessionData } from "./session-data.ts";

/** Tokens that were obtained without this app's login route, and what `onLogin` would have returned. */
export interface SessionInput<Data = unknown> {
  /** Lifetime unknown, no scope and no refresh token, unless given; obtained and authorized now, unless given. */
  readonly tokens: Pick<Tokens, "accessToken"> & Partial<Omit<Tokens, "accessToken">>;
  readonly data: Data;
  /** With several providers: the key of the one that the tokens are from. */
  readonly provider?: string | undefined;
  /** Where sessions share grants: your own id of the person, as `owner` would have returned it. */
  readonly owner?: string | undefined;
  /** Where sessions share grants: the account at the provider, as it calls it; not known, unless given. */
  readonly subject?: string | undefined;
  /** The configured client, unless given: the one that the tokens were issued to. */
  readonly clientId?: string | undefined;
}

const members = {
  ...{ tokens: 1, data: 1, provider: 1, clientId: 1, owner: 1, subject: 1 },
} satisfies Members<keyof SessionInput>;

/**
 * Opens a session without a login and returns the `Set-Cookie` lines that give it to a browser: for tests, and for
 * moving people over from another library. Whoever gets the lines is logged in, so send them to nobody else.
 * `options` are the app's own, with its `secret` and `store`; `onLogin` does not run.
 *
 * @throws ConfigurationError for options or tokens that cannot be used, and for data that is not JSON
 * @throws SessionTooLargeError for too much data
 * @throws RequestError `store_full`, `store_unavailable`
 *
 * @example
 * const lines = await issueSession(options, { tokens: { accessToken, refreshToken }, data: { name: "Ada" } });
 * for (const line of lines) response.headers.append("set-cookie", line);
 */
export async function issueSession<Data = Profile | null>(
  options: PixyOptions<Data>,
  input: SessionInput<Data>,
): Promise<string[]> {
  checkMembers("", input, members);
  const { tokens, data, provider, clientId, owner, subject } = input;
  const settings = readOptions(options);
  const sessions = createSessions(settings);
  const way = settings.way(provider ?? null);
  if (way === undefined) throw refuseOption("provider", "Give one of the keys of `providers`.");
  const found = await way.provider.find();
  const createdAt = settings.now();
  const complete = createTokens({
    tokenType: "Bearer",
    expiresIn: null,
    scope: [],
    refreshToken: null,
    createdAt,
    authorizedAt: createdAt,
    ...tokens,
  });
  const { sharing } = settings;
  const issuedTo = way.client(found, clientId).clientId;
  if (sharing === null && (owner ?? subject) !== undefined)
    throw refuseOption("owner", "Sessions share no grants here.");
  const name = { owner: owner as string, provider: sharing?.keyOf(way.key) ?? "" };
  const account = subject === undefined ? {} : { subject };
  const grant = await sharing?.parts.save(name, complete, { clientId: issuedTo, ...account });
  const content = {
    ...{ id: generateState(), owner: owner ?? null, ...remember(way, found), clientId: issuedTo },
    ...{ tokens: complete, data: readSessionData(data), kept: {}, createdAt, asked: complete.scope },
  };
  const session = await sessions.create(content, { grant });
  return sessionCookies(settings, sessions.issue(session), []).map(setCookieLine);
}
