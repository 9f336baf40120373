import { type Claims, ConfigurationError, generateState, type Provider, type Tokens } from "@pixy/core";
import { RequestError } from "../errors.ts";
import type { OpenSession } from "../session/session.ts";
import { readSessionData } from "../session/session-data.ts";
import type { Sessions } from "../session/sessions.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { Attempt } from "./attempts.ts";
import { newLogin } from "./new-login.ts";

/**
 * Finishes a login whose code was exchanged: asks `onLogin` what to keep, makes the session and tells of it.
 *
 * @throws RequestError `login_handler_failed` when `onLogin` throws or returns no JSON, `store_full`, `store_unavailable`
 */
export type FinishLogin<Data> = (
  attempt: Attempt,
  recalled: Recalled,
  tokens: Tokens,
  claims: Claims | null,
) => Promise<OpenSession<Data>>;

export function createFinishLogin<Data>(settings: Settings<Data>, sessions: Sessions<Data>): FinishLogin<Data> {
  const warnOfNoRefreshToken = createTokenWarning(settings);

  async function dataOf(attempt: Attempt, recalled: Recalled, tokens: Tokens, claims: Claims | null): Promise<Data> {
    try {
      const login = newLogin(settings, attempt.clientId, recalled, tokens, claims);
      return readSessionData((await settings.onLogin?.(login)) as Data);
    } catch (error) {
      throw handlerFailed(error);
    }
  }

  return async (attempt, recalled, tokens, claims) => {
    const { clientId, scope: asked, issuer, tokenEndpoint } = attempt;
    const data = await dataOf(attempt, recalled, tokens, claims);
    const session = await sessions.create({
      id: generateState(),
      ...{ provider: attempt.provider, issuer, tokenEndpoint },
      ...{ clientId, tokens, data, asked },
      createdAt: settings.now(),
    });
    settings.emit({
      ...{ type: "login.completed", provider: attempt.provider },
      ...{ session: session.view.id, scope: tokens.scope },
    });
    warnOfNoRefreshToken(recalled.provider, tokens);
    return session;
  };
}

function handlerFailed(error: unknown): RequestError {
  const isNoJson = ConfigurationError.isInstance(error) && error.option === "data";
  return new RequestError("The login could not be finished.", {
    code: "login_handler_failed",
    status: 503,
    hint: `${isNoJson ? `onLogin must return JSON: ${error.message}` : "onLogin threw."} See the cause. The person is not logged in.`,
    headers: { "retry-after": "1" },
    cause: error,
  });
}

/** Says once, at the first login that shows it, that nobody will be logged in for longer than one access token. */
function createTokenWarning<Data>({ emit }: Settings<Data>): (provider: Provider, tokens: Tokens) => void {
  const told = new Set<string>();
  return ({ name, issuer }, { refreshToken, expiresIn }) => {
    if (refreshToken !== null || expiresIn === null || told.has(issuer)) return;
    told.add(issuer);
    emit({
      type: "set-up.warning",
      code: "no_refresh_token",
      message:
        `${name} gave an access token for ${expiresIn} seconds and no refresh token: each login ends with it. ` +
        "Some providers give one for the scope offline_access, others for prompt=consent or access_type=offline.",
    });
  };
}
