import { refuseOption } from "./option-values.ts";
import type { AccountOf, PixyOptions } from "./options.ts";
import type { Ways } from "./ways.ts";

/** Whose account it is, unless the app says so: what the provider has verified, or its profile. */
const usual: AccountOf = async ({ claims, profile }) => {
  const sub: unknown = claims?.sub;
  return typeof sub === "string" ? sub : (await profile()).id;
};

/**
 * Reads how the account of a login is told.
 *
 * @throws ConfigurationError for a provider that does not say who somebody is
 */
export function readAccountOf({ accountOf }: Pick<PixyOptions<unknown>, "accountOf">, ways: Ways): AccountOf {
  if (typeof accountOf === "function") return accountOf;
  if (accountOf !== undefined) throw refuseAccountOf("Give a function.");
  const silent = ways.find(({ wantsProfile, provider: { known } }) => {
    const tells = wantsProfile && known?.profile !== undefined;
    return known !== null && !tells && known.checkTokens === undefined;
  });
  if (silent === undefined) return usual;
  throw refuseAccountOf(`${silent.name} has no profile that is asked for.`);
}

function refuseAccountOf(why: string): Error {
  const hint = 'Say whose account it is: accountOf: async (login) => (await (await login.fetch("/v1/me")).json()).id.';
  return refuseOption("accountOf", `${why} ${hint}`);
}
