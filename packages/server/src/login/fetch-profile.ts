import { type Claims, ConfigurationError, providerFetch, readText, staticAuthenticator, type Tokens } from "@pixy/core";
import { profileOfAnother, profileUnavailable, RequestError } from "../errors.ts";
import type { FullProfile } from "../settings/profile.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { readProfile } from "./read-profile.ts";

/** Octets of an answer, and milliseconds for all of them. */
const largest = 65_536;
const longest = 5_000;

/** What a login has brought. */
export interface Granted {
  readonly clientId: string;
  readonly tokens: Tokens;
  readonly claims: Claims | null;
  /** Further fields of the provider's form, which nobody has verified. */
  readonly posted: Readonly<Record<string, string>>;
}

/**
 * Tells who somebody is: by the claims of a login, by what the provider answers to its token, or by both.
 *
 * @throws ConfigurationError for a provider without a profile, or with `profile: false`
 * @throws RequestError `profile_unavailable`, `profile_of_another`
 */
export async function fetchProfile<Data>(
  settings: Settings<Data>,
  { way, provider }: Recalled,
  { clientId, tokens, claims, posted }: Granted,
): Promise<FullProfile> {
  const rule = way.wantsProfile ? provider.profile : undefined;
  if (rule === undefined) throw noProfile(provider.name);
  const signal = AbortSignal.timeout(longest);
  const ask = async (url: string, init: RequestInit = {}): Promise<unknown> => {
    const fetch = providerFetch(provider, staticAuthenticator(tokens), {
      ...{ clientId, fetch: settings.fetch, origins: [new URL(url).origin] },
    });
    const response = await fetch(url, {
      ...init,
      headers: { accept: "application/json", ...init.headers },
      redirect: "manual",
      signal,
    });
    if (!response.ok) {
      response.body?.cancel().catch(() => {});
      throw new Error(`${new URL(url).pathname} was answered with ${response.status}.`);
    }
    const text = await readText(response, largest, new TextDecoder("utf-8", { fatal: true }));
    if (text === null) throw new Error(`It has more than ${largest} octets.`);
    return JSON.parse(text);
  };
  try {
    const { url, method = "GET", body, more = {} } = rule;
    const json = body === undefined ? {} : { body, headers: { "content-type": "application/json" } };
    const answer = url === undefined ? {} : await ask(url, { method, ...json });
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) throw new Error("It is no object.");
    const further = await Promise.allSettled(Object.values(more).map((url) => ask(url)));
    const said = claims === null ? null : readProfile(rule, claims);
    // OpenID Connect Core section 5.3.2: nothing that is said of another person is used.
    if (url !== undefined && said !== null && readProfile(rule, { ...answer })?.id !== said.id)
      throw profileOfAnother();
    // Under a name of its own: what is not verified takes no claim's place.
    const raw: Record<string, unknown> = {
      ...(Object.keys(posted).length === 0 ? {} : { posted }),
      ...claims,
      ...answer,
    };
    for (const [index, name] of Object.keys(more).entries()) {
      const result = further[index];
      if (result?.status === "fulfilled") raw[name] = result.value;
    }
    const profile = readProfile(rule, raw);
    if (profile === null) throw new Error("It has no usable id.");
    return profile;
  } catch (error) {
    throw RequestError.isInstance(error) ? error : profileUnavailable(error);
  }
}

function noProfile(name: string): ConfigurationError {
  return new ConfigurationError(`${name} is not asked for a profile.`, {
    code: "invalid_option",
    option: "provider.profile",
    hint: "Use a preset that has one, give the provider a `profile`, or leave out `profile: false`; else ask its API with login.fetch.",
  });
}
