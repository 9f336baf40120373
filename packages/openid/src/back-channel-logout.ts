import type { ProviderRoute, ProviderSteps, SessionsOf } from "@pixy/core";
import type { JWTPayload } from "jose";
import { type IdTokenRules, verify } from "./id-token.ts";
import { IdTokenError } from "./id-token-error.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";

/**
 * Ends the sessions of a person or of a login when the provider says so, at `/auth/provider/back-channel-logout`. Its logout
 * token is verified as an ID token is; nothing else than who it is about is taken from it.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation OpenID Connect Back-Channel Logout section 2.6}
 */
export function backChannelLogout(rules: IdTokenRules, now: () => number): Pick<ProviderSteps, "routes"> {
  const route: ProviderRoute = async ({ form }, { clientId, endSessions }) => {
    const tokens = form.getAll("logout_token");
    if (tokens.length !== 1) return refused("one logout_token is needed");
    let whose: SessionsOf | null;
    try {
      const required = ["iss", "aud", "iat", "exp", "events"];
      const { payload } = await verify(tokens[0], rules, { clientId, now: now() }, required);
      rules.issuer.check(payload);
      whose = sessionsOf(payload, now() / 1000 + rules.clockSkew);
    } catch (error) {
      // Without keys nobody can say whose it is: the provider may try again.
      return IdTokenError.isInstance(error) ? refused(error.code) : new Response(null, { status: 503 });
    }
    if (whose === null) return refused("it is no logout token");
    await endSessions(whose);
    return new Response(null, { status: 200 });
  };
  return { routes: { "back-channel-logout": route } };
}

/** Whose sessions; `null` for what is no logout token, such as an ID token. */
function sessionsOf({ sub, sid, events, nonce, iat = 0 }: JWTPayload, latest: number): SessionsOf | null {
  const isLogout =
    typeof events === "object" && events !== null && isObject((events as Record<string, unknown>)[event]);
  if (!isLogout || nonce !== undefined || iat > latest) return null;
  if (typeof sid === "string" && sid !== "") return { sid };
  return typeof sub === "string" && sub !== "" && sid === undefined ? { sub } : null;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(description: string): Response {
  return Response.json({ error: "invalid_request", error_description: description }, { status: 400 });
}
