import {
  type AttemptAddition,
  type AttemptStart,
  type CheckedTokens,
  ConfigurationError,
  generateState,
  type ProviderSteps,
  type TokenCheck,
  TokenRequestError,
} from "@pixy/core";
import { checkIdToken, type Expected, type IdTokenRules } from "./id-token.ts";
import { IdTokenError, wrong } from "./id-token-error.ts";
import { hintOf } from "./logout.ts";

/** What a login keeps until it comes back, each as text. */
type Kept = Partial<Record<"nonce" | "since" | "acr", string>>;

/** A nonce in each login, and an ID token that is checked in each answer. */
export function identitySteps(rules: IdTokenRules, now: () => number): ProviderSteps {
  return {
    authorizationParameters({ scope, parameters }: AttemptStart): AttemptAddition {
      if (!scope.includes("openid")) {
        throw refuse("scope", 'Add "openid" to it; "profile" and "email" bring name and address.');
      }
      const nonce = generateState();
      const { max_age: age, acr_values: acr } = parameters;
      if (age !== undefined && !/^\d{1,9}$/.test(String(age))) {
        throw refuse("parameters.max_age", "Give whole seconds as text; 0 asks the person again.");
      }
      const since = age === undefined ? {} : { since: String(Math.floor(now() / 1000) - Number(age)) };
      return { parameters: { nonce }, extra: { nonce, ...since, ...(acr ? { acr: String(acr) } : {}) } };
    },
    async checkTokens({ id_token, access_token }, asked): Promise<CheckedTokens | undefined> {
      // Section 12.2: a refresh need not bring one. Some servers write what they do not have as null or as an empty text.
      if (asked.request === "refresh" && !id_token) return undefined;
      const { clientId, now: at } = asked;
      const expected = { clientId, now: at, accessToken: access_token, ...wishOf(asked) };
      const claims = await checkIdToken(id_token, rules, expected).catch((error: unknown) => {
        throw IdTokenError.isInstance(error) ? error : keysUnavailable(error);
      });
      const { iss, sub } = claims;
      if (asked.request === "refresh") checkSamePerson(asked.tokens.extra, { iss, sub });
      // An issuer that is one need not be kept.
      const identity = rules.issuer.names === null ? { iss, sub } : { sub };
      return { claims, extra: { ...identity, ...(rules.keepsIdToken ? hintOf(id_token, claims) : {}) } };
    },
  };
}

function wishOf(asked: TokenCheck): Partial<Expected> {
  // Neither a refresh nor a login on another screen sends a nonce: what comes is no answer to one.
  if (asked.request !== "code") return {};
  const { nonce = "", since, acr } = asked.extra as Kept;
  return { nonce, authenticatedSince: since === undefined ? undefined : Number(since), acrValues: acr?.split(" ") };
}

function checkSamePerson(before: Kept & Record<string, string> = {}, after: { iss: string; sub: string }): void {
  if ((before.sub ?? after.sub) === after.sub && (before.iss ?? after.iss) === after.iss) return;
  throw new TokenRequestError("The refresh brought tokens of another person.", {
    code: "tokens_rejected",
    outcome: "ended",
    hint: "The login has ended. See what the provider did to the account.",
    cause: wrong("id_token_subject", "The ID token is another person's."),
  });
}

/** What a login or a refresh is told while nobody can say who signed. */
export function keysUnavailable(cause: unknown): TokenRequestError {
  return new TokenRequestError("The provider's keys could not be read.", {
    code: "provider_unavailable",
    outcome: "unavailable",
    hint: "Look at the provider's jwks_uri.",
    cause,
  });
}

function refuse(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The option ${option} cannot be used.`, { code: "invalid_option", option, hint });
}
