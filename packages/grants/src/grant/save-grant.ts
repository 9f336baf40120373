import {
  ConfigurationError,
  checkMembers,
  createTokens,
  generateState,
  type KeptMembers,
  keptApi,
  type Members,
  type Provider,
  type Tokens,
} from "@pixy/core";
import { isSame } from "./account-claims.ts";
import type { OpenGrant } from "./grant-content.ts";
import { accountTaken, anotherAccount, grantNotFound } from "./grant-error.ts";
import type { GrantLedger } from "./grant-ledger.ts";
import { type FullName, type GrantName, nameOf, readName, wordsOf } from "./grant-name.ts";
import type { GrantSettings } from "./grant-options.ts";

/** Tokens of a login, or of another library: what is left out is not known. */
export type TokensToKeep = Pick<Tokens, "accessToken"> & Partial<Omit<Tokens, "accessToken">>;

export interface SaveOptions {
  /**
   * The account at the provider, as the provider calls it: `id`, `sub`. It then belongs to one owner: another owner's is
   * refused, and so is a second account in the place of the first.
   */
  readonly subject?: string | undefined;
  /** What is done then: `refuse`, unless given; `replace` ends the other one, or replaces the first. */
  readonly onConflict?: "refuse" | "replace" | undefined;
  /**
   * Members of the provider's answer, as `onKept` of `exchangeCode` is told, or a login as `login.kept`: of them the grant
   * keeps the one that names its API, such as Salesforce's `instance_url`.
   */
  readonly kept?: KeptMembers | undefined;
  /** The client that the tokens were issued to; the configured one, unless given. */
  readonly clientId?: string | undefined;
  /** Replaces a grant, or an account's claim, that a secret has sealed which is lost. It may be another app's: see `unknown_secret`. */
  readonly overwriteUnknownSecret?: boolean | undefined;
}

/** Milliseconds after which a claim without a grant is one whose grant has gone, and not one that is on its way. */
const longestSave = 60_000;

/**
 * Keeps tokens under a name and returns their grant.
 *
 * @param epoch the count of the owner as whoever saves came to know it; now, unless given. What was ended since stays so.
 */
export type SaveGrant = (
  name: GrantName,
  tokens: TokensToKeep,
  options?: SaveOptions,
  epoch?: number,
) => Promise<OpenGrant>;

export function createSaveGrant(settings: GrantSettings, ledger: GrantLedger): SaveGrant {
  const { keys, now, emit } = settings;

  /** Makes an account this grant's: returns whose it is and may be taken from, `null` where it is this one's by now. */
  async function claim(name: FullName, subject: string, options: SaveOptions): Promise<OpenGrant | null> {
    for (;;) {
      const holder = await ledger.claims.claim(name, subject, options.overwriteUnknownSecret === true);
      if (isSame(holder, name)) return null;
      const other = await ledger.find(await ledger.keyOf(holder), wordsOf(holder));
      if (other.state === "there" && other.grant.subject === subject) {
        if (options.onConflict !== "replace") throw accountTaken(name.provider);
        return other.grant;
      }
      // Whoever claimed it is about to save its grant.
      if (now() - holder.claimedAt < longestSave) throw accountTaken(name.provider);
      // Its grant has gone.
      await ledger.claims.free({ ...holder, subject });
    }
  }

  /** Not revoked: it is the same account's, and a provider may end all of its authorization (RFC 7009 section 2.1). */
  async function takeFrom(rival: OpenGrant): Promise<void> {
    await ledger.remove(rival.key, wordsOf(rival));
    await ledger.claims.free(rival);
    emit({ type: "grant.ended", grant: nameOf(rival), reason: "app" });
  }

  return async (given, input, options = {}, known) => {
    const name = readName(given, keys);
    const who = wordsOf(name);
    const subject = readSubject(options);
    const tokens = readTokens(input, now());
    const provider = await settings.provider(name.provider);
    const kept = readKept(provider, options);
    const key = await ledger.keyOf(name);
    const current = await ledger.epochOf(name.owner);
    const epoch = known ?? current;
    if (epoch < current) throw grantNotFound(who);
    const { clientId } = settings.client(name.provider, provider, options.clientId);
    const id = generateState();
    const content = { ...name, subject, id, issuer: provider.issuer, clientId, tokens, kept, epoch };
    for (;;) {
      const stood = await ledger.open(key, who);
      const isForeign = stood.state === "unreadable" && stood.error.code === "unknown_secret";
      if (isForeign && options.overwriteUnknownSecret !== true) throw stood.error;
      const before = stood.state === "there" && stood.grant.epoch >= epoch ? stood.grant : null;
      const isAnother = subject !== null && before !== null && before.subject !== null && before.subject !== subject;
      if (isAnother && options.onConflict !== "replace") throw anotherAccount(who);
      const line = before !== null && before.subject === subject ? before.line : id;
      const grant = await ledger.seal.seal({ ...content, line, fence: 0, warned: false }, key);
      let rival = subject === null ? null : await claim(name, subject, options);
      // Nothing is ended before what takes its place is kept.
      if (stood.state !== "absent") await ledger.put(grant);
      else if (!(await ledger.add(grant))) continue;
      for (; rival !== null; rival = await claim(name, grant.subject as string, options)) await takeFrom(rival);
      if (isAnother) await ledger.claims.free(before);
      return grant;
    }
  };
}

function readSubject(options: SaveOptions): string | null {
  checkMembers("options", options, optionMembers);
  const { subject, onConflict = "refuse" } = options;
  if (!["refuse", "replace"].includes(onConflict)) throw refuse("onConflict", 'Give "refuse" or "replace".');
  // Given and empty is a mistake: it would be everybody's account.
  if (!Object.hasOwn(options, "subject")) return null;
  if (typeof subject === "string" && subject !== "") return subject;
  throw refuse("subject", "Give the account's id at the provider as text, or leave `subject` out.");
}

function readKept(provider: Provider, { kept = {} }: SaveOptions): KeptMembers {
  const named = keptApi(provider, kept);
  if (named !== null) return named;
  const { member = "", hosts = [] } = provider.apiFrom ?? {};
  throw refuse(
    `kept.${member}`,
    `Give the answer's own: https, no port, at a host that ends with ${hosts.join(" or ")}.`,
  );
}

function refuse(option: string, hint: string): ConfigurationError {
  const message = `The option ${option} cannot be used. ${hint}`;
  return new ConfigurationError(message, { code: "invalid_option", option, hint });
}

const optionMembers = {
  ...{ subject: 1, onConflict: 1, kept: 1, clientId: 1, overwriteUnknownSecret: 1 },
} satisfies Members<keyof SaveOptions>;

const members = {
  ...{ accessToken: 1, tokenType: 1, expiresIn: 1, scope: 1, refreshToken: 1, createdAt: 1, authorizedAt: 1 },
  ...{ refreshTokenExpiresAt: 1, extra: 1 },
} satisfies Members<keyof Tokens>;

function readTokens(input: TokensToKeep, now: number): Tokens {
  checkMembers("tokens", input, members);
  const unknown = { tokenType: "Bearer", expiresIn: null, scope: [], refreshToken: null, authorizedAt: null } as const;
  const tokens = createTokens({ ...unknown, createdAt: now, ...input });
  if (tokens.refreshToken !== null || tokens.expiresIn === null) return tokens;
  const hint =
    "Ask for one at the login: some providers want the scope offline_access, others access_type=offline and prompt=consent. " +
    "What was saved before stays.";
  const message = `These tokens end after ${tokens.expiresIn} seconds, and no refresh token came with them. ${hint}`;
  throw new ConfigurationError(message, { code: "invalid_option", option: "tokens.refreshToken", hint });
}
