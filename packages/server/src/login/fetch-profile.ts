import { ConfigurationError, providerFetch, staticAuthenticator, type Tokens } from "@pixy/core";
import { profileUnavailable } from "../errors.ts";
import type { FullProfile } from "../settings/profile.ts";
import type { Recalled } from "../settings/remembered-provider.ts";
import type { Settings } from "../settings/settings.ts";
import { readProfile } from "./read-profile.ts";

/** Octets of an answer, and milliseconds for all of them. */
const largest = 65_536;
const longest = 5_000;

/**
 * Asks the provider who somebody is, with the tokens of a login.
 *
 * @throws ConfigurationError for a provider without a profile, or with `profile: false`
 * @throws RequestError `profile_unavailable`
 */
export async function fetchProfile<Data>(
  settings: Settings<Data>,
  { way, provider }: Recalled,
  clientId: string,
  tokens: Tokens,
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
    return JSON.parse(await readText(response));
  };
  try {
    const { method = "GET", body, more = {} } = rule;
    const json = body === undefined ? {} : { body, headers: { "content-type": "application/json" } };
    const answer = await ask(rule.url, { method, ...json });
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) throw new Error("It is no object.");
    const further = await Promise.allSettled(Object.values(more).map((url) => ask(url)));
    const raw: Record<string, unknown> = { ...answer };
    for (const [index, name] of Object.keys(more).entries()) {
      const result = further[index];
      if (result?.status === "fulfilled") raw[name] = result.value;
    }
    const profile = readProfile(rule, raw);
    if (profile === null) throw new Error("It has no usable id.");
    return profile;
  } catch (error) {
    throw profileUnavailable(error);
  }
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [text, size] = ["", 0];
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > largest) {
      reader?.cancel().catch(() => {});
      throw new Error(`It has more than ${largest} octets.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

function noProfile(name: string): ConfigurationError {
  return new ConfigurationError(`${name} is not asked for a profile.`, {
    code: "invalid_option",
    option: "provider.profile",
    hint: "Use a preset that has one, give the provider a `profile`, or leave out `profile: false`; else ask its API with login.fetch.",
  });
}
