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
import { createGrant, type Grant } from "./grant.ts";
import { reauthDueAt } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import { accountTaken, anotherAccount } from "./grant-error.ts";
import { createGrantLedger } from "./grant-ledger.ts";
import {
  type FullName,
  type GrantName,
  grantKey,
  nameOf,
  ownerKey,
  readName,
  readOwner,
  wordsOf,
} from "./grant-name.ts";
import { type GrantsOptions, readGrantsOptions, withoutPart } from "./grant-options.ts";
import { createGrantRefresh, providerOf, revoke } from "./grant-refresh.ts";
import { type ResealResult, resealAll } from "./reseal.ts";
import { answer } from "./store-answer.ts";
import { keepUp, type UpkeepOptions, type UpkeepProgress } from "./upkeep.ts";

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
  /** Replaces a grant, or an account's claim, that a secret has sealed which is lost. It may be another app's: see `unknown_secret`. */
  readonly overwriteUnknownSecret?: boolean | undefined;
}

/** One of an owner's grants, as a page may show it: no token in it. */
export interface GrantSummary extends FullName {
  /** The account at the provider; `null` where `save` was not told. */
  readonly subject: string | null;
  readonly scope: readonly string[];
  /** `null` where nobody knows. */
  readonly authorizedAt: Date | null;
  readonly reauthDueAt: Date | null;
  /** The provider refused to renew it, and a login would help. */
  readonly reauthNeeded: boolean;
}

/** The grants of an app. */
export interface Grants {
  /**
   * Keeps tokens, in the place of those that stood under the name before.
   *
   * @throws ConfigurationError `invalid_option` for a name, tokens or an API that cannot be used
   * @throws GrantError `unknown_secret`, `account_taken`, `another_account`, `store_unavailable`; StoreFullError;
   *   SessionTooLargeError for tokens that are too long to be kept
   */
  save(name: GrantName, tokens: TokensToKeep, options?: SaveOptions): Promise<void>;
  /** The grant under a name, whether there is one or not. @throws ConfigurationError `invalid_option` */
  of(name: GrantName): Grant;
  /** Whether there is a grant that is not dead. */
  has(name: GrantName): Promise<boolean>;
  /** Deletes a grant and revokes it at the provider where that can be done; nothing in flight brings it back. */
  end(name: GrantName): Promise<void>;
  /** The grants of an owner that are not dead. Needs a store with an index. */
  list(owner: { readonly owner: string }): Promise<readonly GrantSummary[]>;
  /** Ends all grants of an owner, and what is saved or refreshed at this moment. Needs a store with an index and epochs. */
  endAll(owner: { readonly owner: string }): Promise<void>;
  /** Keeps grants alive that nobody uses, and raises `reauth.due`. Run it again and again, in as many workers as you like. */
  upkeep(options: UpkeepOptions): Promise<UpkeepProgress>;
  /** Seals with the current secret what a previous one has sealed. Needs a store with an index. */
  reseal(): Promise<ResealResult>;
}

/**
 * Keeps people's tokens alive where there is no browser: in a job, a worker, or beside the logins of an app that has its own.
 *
 * @throws ConfigurationError `invalid_option`, `invalid_secret`; the message says what to write
 * @example
 * const grants = createGrants({ providers: { spotify: { provider: spotify, clientId } }, secret, store });
 * await grants.save({ owner: "user-42" }, tokens);
 * const answer = await grants.of({ owner: "user-42" }).fetch("/v1/me/player");
 */
export function createGrants(options: GrantsOptions): Grants {
  const settings = readGrantsOptions(options);
  const { store, keys, now, emit } = settings;
  const ledger = createGrantLedger(settings);
  const refresh = createGrantRefresh(settings, ledger);

  async function find(name: FullName) {
    return ledger.find(await ledger.keyOf(name), wordsOf(name));
  }

  async function end(grant: OpenGrant): Promise<void> {
    await ledger.remove(grant.key);
    await ledger.claims.free(grant);
    emit({ type: "grant.ended", grant: nameOf(grant), reason: "app" });
    await revoke(settings, grant);
  }

  /** Makes an account this grant's, or says why it is not. */
  async function claim(name: FullName, subject: string, before: OpenGrant | null, options: SaveOptions): Promise<void> {
    const mayReplace = options.onConflict === "replace";
    const isAnother = before !== null && before.subject !== null && before.subject !== subject;
    if (isAnother && !mayReplace) throw anotherAccount(wordsOf(name));
    for (;;) {
      const holder = await ledger.claims.claim(name, subject, options.overwriteUnknownSecret === true);
      if (isSame(holder, name)) break;
      const other = await find(holder);
      if (other.state === "there" && other.grant.subject === subject) {
        if (!mayReplace) throw accountTaken(name.provider);
        await end(other.grant);
      } else if (now() - holder.claimedAt < longestSave) {
        // Whoever claimed it is about to save its grant.
        throw accountTaken(name.provider);
      }
      // Its grant has gone.
      else await ledger.claims.free({ ...holder, subject });
    }
    if (isAnother) await ledger.claims.free(before);
  }

  const grants: Grants = {
    async save(given, input, options = {}) {
      const name = readName(given, keys);
      const subject = readSubject(options);
      const tokens = readTokens(input, now());
      const provider = await settings.provider(name.provider);
      const kept = readKept(provider, options);
      const key = await grantKey(settings.name, name);
      const epoch = await ledger.epochOf(name.owner);
      const found = await ledger.find(key, wordsOf(name));
      const isForeign = found.state === "unreadable" && found.error.code === "unknown_secret";
      if (isForeign && options.overwriteUnknownSecret !== true) throw found.error;
      const before = found.state === "there" ? found.grant : null;
      if (subject !== null) await claim(name, subject, before, options);
      const { clientId } = settings.client(name.provider, provider);
      const content = { ...name, subject, id: generateState(), issuer: provider.issuer, clientId, tokens, kept, epoch };
      await ledger.put(await ledger.seal.seal({ ...content, fence: 0, warned: false }, key));
    },
    of: (given) => createGrant(settings, ledger, refresh, readName(given, keys)),
    async has(given) {
      const found = await find(readName(given, keys));
      if (found.state === "unreadable") throw found.error;
      return found.state === "there";
    },
    async end(given) {
      const name = readName(given, keys);
      const found = await find(name);
      if (found.state === "unreadable" && found.error.code === "unknown_secret") throw found.error;
      if (found.state === "there") await end(found.grant);
      else await ledger.remove(await ledger.keyOf(name));
    },
    async list(given) {
      if (store.index === undefined) throw withoutPart(store, "index");
      const owner = readOwner(given?.owner);
      const summaries: GrantSummary[] = [];
      for (const key of await ledger.keysOf(owner)) {
        const found = await ledger.find(key, "grant");
        // The index is a hint: what it says is checked against the record.
        if (found.state !== "there" || found.grant.owner !== owner || !keys.includes(found.grant.provider)) continue;
        const { tokens } = found.grant;
        const provider = await providerOf(settings, found.grant);
        const due = provider instanceof Error ? null : reauthDueAt(tokens, provider.refreshTokens);
        summaries.push({
          ...nameOf(found.grant),
          subject: found.grant.subject,
          scope: tokens.scope,
          authorizedAt: tokens.authorizedAt === null ? null : new Date(tokens.authorizedAt),
          reauthDueAt: due === null ? null : new Date(due),
          reauthNeeded: found.isRefused,
        });
      }
      return summaries;
    },
    async endAll(given) {
      const { epochs, index } = store;
      if (index === undefined) throw withoutPart(store, "index");
      if (epochs === undefined) throw withoutPart(store, "epochs");
      const owner = readOwner(given?.owner);
      const found = await Promise.all((await ledger.keysOf(owner)).map((key) => ledger.find(key, "grant")));
      const counter = await ownerKey(settings.name, owner);
      await answer(() => epochs.advance(counter, settings.idle + longestWrite));
      const failures: unknown[] = [];
      for (const each of found) {
        if (each.state !== "there" || each.grant.owner !== owner) continue;
        await end(each.grant).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
    upkeep: (options) => keepUp(settings, ledger, refresh, options),
    reseal: () => resealAll(settings, ledger),
  };
  const { providers, secret } = options;
  // A function, and not enumerable: whoever prints grants prints no secret.
  return Object.freeze(Object.defineProperty(grants, parts, { value: (): GrantsParts => ({ providers, secret }) }));
}

/** What grants were made of, for a login that uses the same. */
export type GrantsParts = Pick<GrantsOptions, "providers" | "secret">;

// Known to every copy of this module: Next loads several in one process.
const parts: unique symbol = /* @__PURE__ */ Symbol.for("pixy/grants") as never;

/** Returns what grants were made of; `null` for what `createGrants` did not make. */
export function partsOf(grants: Grants): GrantsParts | null {
  return (grants as Grants & { readonly [parts]?: () => GrantsParts })[parts]?.() ?? null;
}

/** Milliseconds after which a claim without a grant is one whose grant has gone, and not one that is on its way. */
const longestSave = 60_000;

/** Milliseconds that an epoch outlives what may still be written under the one before. */
const longestWrite = 3_600_000;

function readSubject(options: SaveOptions): string | null {
  const known = { subject: 1, onConflict: 1, kept: 1, overwriteUnknownSecret: 1 } satisfies Members<keyof SaveOptions>;
  checkMembers("options", options, known);
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
