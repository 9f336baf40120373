import { readSessionKept } from "../session/kept.ts";
import { revokeQuietly } from "../session/revocation.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { Connecting } from "../settings/connect.ts";
import type { Settings } from "../settings/settings.ts";
import type { Attempt } from "./attempt.ts";
import type { Exchanged } from "./exchanges.ts";
import { grantFailure } from "./grant-failure.ts";
import { newLogin } from "./new-login.ts";

/**
 * Finishes what `connect` began: asks the app whose account it is, and keeps the tokens in its grants.
 *
 * @throws RequestError `connect_refused`, `foreign_api`, `login_handler_failed`, `store_unavailable`, `store_full`
 */
export type FinishConnect = (
  attempt: Attempt,
  exchanged: Exchanged,
  owner: string,
  keepAlive?: KeepAlive,
) => Promise<void>;

export function createFinishConnect<Data>(settings: Settings<Data>): FinishConnect {
  return async (attempt, exchanged, owner, keepAlive) => {
    const { recalled, tokens } = exchanged;
    const { grants, accountOf, keyOf, onConflict } = settings.connecting as Connecting;
    try {
      readSessionKept(recalled.provider, exchanged.kept);
    } catch (error) {
      // Nobody will ever use them.
      const { provider, issuer, tokenEndpoint, clientId } = attempt;
      revokeQuietly(settings, { provider, issuer, tokenEndpoint, clientId, tokens }, keepAlive);
      throw error;
    }
    const login = newLogin(settings, attempt.clientId, exchanged);
    try {
      const subject = await accountOf(login);
      await grants.save({ owner, provider: keyOf(attempt.provider) }, tokens, {
        subject,
        onConflict,
        kept: exchanged.kept,
      });
    } catch (error) {
      throw grantFailure(error, "connect");
    }
    settings.emit({ type: "connect.completed", provider: attempt.provider, scope: tokens.scope });
  };
}
