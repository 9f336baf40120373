import { defineProvider, type Provider, type ProviderInput } from "@pixy/core";

/** A way to a rule of a preset: `answer.error`, `pkce`, … */
export type RuleName = string;

type Parts = Readonly<Record<string, unknown>>;

// What says how a provider differs from the standard. Endpoints and names are no rules: nothing works without them.
const rules: readonly (readonly [member: string, parts?: readonly string[]])[] = [
  ...([
    ["refreshEndpoint"],
    ["revocation"],
    ["pkce"],
    ["scope"],
    ["clientIdParameter"],
    ["apiFrom"],
    ["keep"],
  ] as const),
  ...([["accessTokens"], ["tokenTypes"], ["answer", ["error", "tokens"]], ["headers", ["token", "api"]]] as const),
  ["parameters", ["authorization", "code", "refresh"]],
  ["refreshTokens", ["stated", "idleLifetime", "lifetime", "grace", "retryUnknown"]],
];

/** What says nothing: `retryUnknown` is true where a preset is silent. */
const defaults: readonly unknown[] = [undefined, true];

/** Returns the rules that a preset has. */
export function rulesOf(provider: Provider): readonly RuleName[] {
  const members = provider as unknown as Parts;
  return rules.flatMap(([member, parts]) => {
    const value = members[member];
    if (value === undefined) return [];
    if (parts === undefined) return [member];
    return parts.filter((part) => !defaults.includes((value as Parts)[part])).map((part) => `${member}.${part}`);
  });
}

/** Returns the preset without one of its rules. */
export function withoutRule(provider: Provider, rule: RuleName): Provider {
  const [member = "", part] = rule.split(".");
  const { [member]: value, ...rest } = provider as unknown as Parts;
  if (part === undefined) return defineProvider(rest as unknown as ProviderInput);
  const { [part]: _, ...others } = value as Parts;
  return defineProvider({ ...rest, [member]: others } as unknown as ProviderInput);
}
