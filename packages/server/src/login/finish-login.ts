import { ConfigurationError, generateState, type KeptMembers, type Provider, type Tokens } from "@pixy/core";
import { loginDenied, RequestError } from "../errors.ts";
import { readSessionKept } from "../session/kept.ts";
import { revokeQuietly } from "../session/revocation.ts";
import type { OpenSession } from "../session/session.ts";
import { readSessionData } from "../session/session-data.ts";
import type { KeepAlive } from "../session/session-refresh.ts";
import type { Sessions } from "../session/sessions.ts";
import type { NewLogin } from "../settings/login-handler.ts";
import type { Profile } from "../settings/profile.ts";
import { RefusedLogin } from "../settings/refused-login.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import type { Attempt } from "./attempt.ts";
import type { Exchanged } from "./exchanges.ts";
import { findLoginGrant, type LoginGrant } from "./login-grant.ts";
import { newLogin } from "./new-login.ts";

/**
 * Finishes a login whose code was exchanged: asks `onLogin` what to keep, makes the session and tells of it.
 *
 * @throws RequestError `login_handler_failed` when `onLogin` throws or returns no JSON, `login_denied` when it refuses the
 *   person, `foreign_api`, `profile_of_another`, `profile_unavailable`, `store_full`, `store_unavailable`
 */
export type FinishLogin<Data> = (attempt: Attempt, exchanged: Exchanged, caller?: Caller) => Promise<OpenSession<Data>>;

/** The request that a callback came with. */
export interface Caller {
  /** The framework's own request. */
  readonly original?: unknown;
  readonly keepAlive?: KeepAlive | undefined;
}

export function createFinishLogin<Data>(settings: Settings<Data>, sessions: Sessions<Data>): FinishLogin<Data> {
  const warnOfNoRefreshToken = createTokenWarning(settings);

  /** What the session keeps: what `onLogin` returned, or who the person is. */
  async function dataOf(login: NewLogin, exchanged: Exchanged, { original }: Caller): Promise<Data> {
    if (settings.onLogin === undefined) return (await profileOf(exchanged.recalled, login)) as Data;
    let returned: Data | RefusedLogin;
    try {
      returned = (await settings.onLogin(login, original)) as Data | RefusedLogin;
      if (!(returned instanceof RefusedLogin)) return readSessionData(returned);
    } catch (error) {
      if (RequestError.isInstance(error) && error.code.startsWith("profile_")) throw error;
      throw handlerFailed(error);
    }
    throw loginDenied(returned.reason);
  }

  /** The profile where the provider has one; a login stands without it, too. */
  async function profileOf({ way, provider }: Recalled, login: NewLogin): Promise<Profile | null> {
    if (!way.wantsProfile || provider.profile === undefined) return null;
    try {
      const { raw: _raw, ...profile } = await login.profile();
      return profile;
    } catch (error) {
      if (RequestError.isInstance(error) && error.code === "profile_of_another") throw error;
      settings.emit({ type: "profile.failed", provider: way.key, error: (error as Error).cause ?? error });
      return null;
    }
  }

  return async (attempt, exchanged, caller = {}) => {
    const { recalled, tokens, claims } = exchanged;
    const { provider, clientId, scope: asked, issuer, tokenEndpoint } = attempt;
    const granted = { provider, issuer, tokenEndpoint, clientId, tokens };
    const login = newLogin(settings, clientId, exchanged);
    const { sharing } = settings;
    let shared: LoginGrant | null = null;
    let kept: KeptMembers;
    let data: Data;
    try {
      kept = readSessionKept(recalled.provider, exchanged.kept);
      shared = sharing && (await findLoginGrant(settings, sharing, attempt, exchanged, login));
      data = await dataOf(login, exchanged, caller);
    } catch (error) {
      // What others share might end with it.
      const isOwn = sharing === null || shared?.stands === false;
      if (isOwn && isOfNoUse(error)) revokeQuietly(settings, granted, caller.keepAlive);
      throw error;
    }
    const grant = await shared?.keep();
    const owner = grant?.owner ?? null;
    const content = { id: generateState(), owner, ...granted, kept, data, asked, createdAt: settings.now() };
    const session = await sessions.create(content, { claims, grant });
    settings.emit({ type: "login.completed", provider, session: session.view.id, scope: session.tokens.scope });
    warnOfNoRefreshToken(recalled.provider, tokens);
    return session;
  };
}

/** Whether nobody will ever use the tokens of a login that failed so: where a handler failed, it may have kept them. */
function isOfNoUse(error: unknown): boolean {
  return RequestError.isInstance(error) && /^(login_denied|profile_\w+|foreign_api)$/.test(error.code);
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
