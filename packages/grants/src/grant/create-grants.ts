import { createEndGrant } from "./end-grant.ts";
import { createGrant, type Grant } from "./grant.ts";
import { reauthDueAt } from "./grant-clocks.ts";
import type { OpenGrant } from "./grant-content.ts";
import { createGrantLedger } from "./grant-ledger.ts";
import { type FullName, type GrantName, nameOf, ownerKey, readName, readOwner, wordsOf } from "./grant-name.ts";
import { type GrantsOptions, readGrantsOptions, withoutPart } from "./grant-options.ts";
import { createGrantRefresh, providerOf } from "./grant-refresh.ts";
import { withParts } from "./grants-parts.ts";
import { type ResealResult, resealAll } from "./reseal.ts";
import { createSaveGrant, type SaveOptions, type TokensToKeep } from "./save-grant.ts";
import { answer } from "./store-answer.ts";
import { keepUp, type UpkeepOptions, type UpkeepProgress } from "./upkeep.ts";

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
  const { store, keys } = settings;
  const ledger = createGrantLedger(settings);
  const refresh = createGrantRefresh(settings, ledger);

  const save = createSaveGrant(settings, ledger);
  const end = createEndGrant(settings, ledger);
  const find = (name: FullName) => ledger.findNamed(name);

  const grants: Grants = {
    async save(given, input, options) {
      await save(given, input, options);
    },
    of: (given) => createGrant(settings, ledger, refresh, readName(given, keys)),
    async has(given) {
      const found = await find(readName(given, keys));
      if (found.state === "unreadable") throw found.error;
      return found.state === "there";
    },
    async end(given) {
      const name = readName(given, keys);
      await end(await ledger.keyOf(name), wordsOf(name));
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
      const counter = await ownerKey(settings.name, owner);
      const epoch = await answer(() => epochs.advance(counter, settings.idle + longestWrite));
      const failures: unknown[] = [];
      // What was saved under the new count came after: it stays. Where a run failed, the next one finds what it has left.
      const isOver = (grant: OpenGrant) => grant.owner === owner && grant.epoch < epoch;
      for (const key of await ledger.keysOf(owner)) {
        await end(key, "grant", isOver).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
    upkeep: (options) => keepUp(settings, ledger, refresh, options),
    reseal: () => resealAll(settings, ledger),
  };
  const { providers, secret } = options;
  const { prolong, epochOf } = ledger;
  return withParts(grants, { providers, secret, store, find, epochOf, save, refresh, prolong });
}

/** Milliseconds that an epoch outlives what may still be written under the one before. */
const longestWrite = 3_600_000;
