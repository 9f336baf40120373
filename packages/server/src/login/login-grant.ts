import type { GrantsParts, OpenGrant } from "@pixy/grants";
import { connectRefused } from "../errors.ts";
import type { NewLogin } from "../settings/login-handler.ts";
import type { Settings } from "../settings/settings.ts";
import type { Sharing } from "../settings/sharing.ts";
import type { Attempt } from "./attempt.ts";
import type { Exchanged } from "./exchanges.ts";
import { grantFailure } from "./grant-failure.ts";

/** The grant that a login's session shares: found before the app is asked what to keep, and written after it. */
export interface LoginGrant {
  /** Whether one stands already: what the login brought is not revoked then, or that one might end with it. */
  readonly stands: boolean;
  /** Keeps what the login brought, in the place of what stands, unless that can do more. Throws `RequestError`. */
  keep(): Promise<OpenGrant>;
}

/** Thrown where the owner has granted more before than this login has asked for: it is asked for all of it, once. */
export class ScopeNeeded extends Error {
  override readonly name: string = "ScopeNeeded";
  readonly scope: readonly string[];

  constructor(scope: readonly string[]) {
    super("The login has to ask for more.");
    this.scope = scope;
  }
}

/**
 * Finds the grant of a login.
 *
 * @throws ScopeNeeded
 * @throws RequestError `connect_refused`, `login_handler_failed`, `profile_unavailable`, `store_unavailable`
 */
export async function findLoginGrant<Data>(
  settings: Settings<Data>,
  { parts, placeOf, keyOf, onConflict }: Sharing,
  attempt: Attempt,
  { tokens, kept }: Exchanged,
  login: NewLogin,
): Promise<LoginGrant> {
  const [{ owner, subject }, epoch, found] = await told(async () => {
    const place = await placeOf(login);
    const name = { owner: place.owner, provider: keyOf(attempt.provider), account: null };
    // The count first: what is ended from here on ends this login, too.
    return [place, await parts.epochOf(place.owner), await parts.find(name)] as const;
  });
  const standing = found.state === "there" ? found.grant : null;
  const isOther = standing !== null && standing.subject !== null && standing.subject !== subject;
  if (isOther && onConflict !== "replace") throw connectRefused("another account");
  // What the provider refuses to renew, and what is another account's, is worth less than any login.
  const isWorthy = found.state === "there" && !found.isRefused && standing?.subject === subject;
  const missing = isWorthy ? (standing?.tokens.scope ?? []).filter((item) => !tokens.scope.includes(item)) : [];
  if (missing.some((item) => !attempt.scope.includes(item))) {
    throw new ScopeNeeded([...new Set([...attempt.scope, ...tokens.scope, ...missing])]);
  }
  const isPoorer = isWorthy && tokens.refreshToken === null && standing?.tokens.refreshToken !== null;
  const stays = isPoorer || missing.length > 0;

  async function save(): Promise<OpenGrant> {
    const name = { owner, provider: keyOf(attempt.provider) };
    const { clientId } = attempt;
    return parts.save(name, tokens, { subject, onConflict, kept, clientId }, epoch);
  }

  return {
    stands: standing !== null,
    keep: () =>
      told(async () => {
        if (standing === null || !stays) return save();
        settings.emit({ type: "grant.kept", provider: attempt.provider, missing });
        return (await stillStands(parts, standing)) ?? save();
      }),
  };
}

/** The grant as it stands after the app was asked; `null` where it has ended meanwhile. */
async function stillStands({ find }: GrantsParts, { owner, provider, account, line }: OpenGrant) {
  const found = await find({ owner, provider, account });
  return found.state === "there" && found.grant.line === line ? found.grant : null;
}

async function told<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw grantFailure(error, "login");
  }
}
