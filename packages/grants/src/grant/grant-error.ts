import { PixyError, type PixyErrorInput } from "@pixy/core";

export type GrantErrorCode =
  | "grant_not_found"
  | "unknown_secret"
  | "grant_unreadable"
  | "account_taken"
  | "another_account"
  | "store_unavailable";

/** Reports a grant that cannot be used although the provider was not asked: there is none, or the store or its seal is in the way. */
export class GrantError extends PixyError {
  override readonly name: string = "GrantError";
  declare readonly code: GrantErrorCode;

  constructor(message: string, input: PixyErrorInput & { readonly code: GrantErrorCode }) {
    super(message, input);
  }

  static override isInstance(value: unknown): value is GrantError {
    return PixyError.isInstance(value) && value.name === "GrantError";
  }
}

/** `who` names the grant in words. */
export function grantNotFound(who: string): GrantError {
  return new GrantError(`There is no ${who}.`, {
    code: "grant_not_found",
    hint: "Log the person in and call `grants.save(…)`. Is the owner the one you saved?",
  });
}

export function unknownSecret(who: string, storeName: string): GrantError {
  return new GrantError(`The ${who} is sealed with a secret that is not in the list.`, {
    code: "unknown_secret",
    hint:
      "Give the secret that sealed it, too: `secret: [current, ...previous]`. Where another app keeps grants in the same " +
      `${storeName} store, give each app a \`name\` of its own. Nothing was changed or deleted.`,
  });
}

export function grantUnreadable(who: string, reason: string): GrantError {
  return new GrantError(`The ${who} cannot be opened: ${reason}.`, {
    code: "grant_unreadable",
    hint: "Was it written by a later version, or for another issuer? `grants.save(…)` replaces it.",
  });
}

/** Says nothing of the one who has it. */
export function accountTaken(provider: string): GrantError {
  return new GrantError(`This account at ${provider} is connected to another user already.`, {
    code: "account_taken",
    hint: 'End the other user\'s grant first, or give onConflict: "replace", which ends it. Nothing was changed.',
  });
}

export function anotherAccount(who: string): GrantError {
  return new GrantError(`The ${who} is of another account than these tokens.`, {
    code: "another_account",
    hint: 'Give onConflict: "replace" to replace it, or each account an `account` of its own. Nothing was changed.',
  });
}

export function storeUnavailable(cause: unknown): GrantError {
  return new GrantError("The store of grants cannot be reached at the moment.", {
    code: "store_unavailable",
    hint: "Check the connection of the store; the grants are kept.",
    cause,
  });
}
