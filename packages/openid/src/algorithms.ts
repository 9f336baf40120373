import { ConfigurationError } from "@pixy/core";

/** How an ID token may be signed: with a key that only the provider has. There is no `none`, and no HS256. */
export type Algorithm =
  | ("RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512")
  | ("ES256" | "ES384" | "ES512" | "EdDSA" | "Ed25519");

const known: readonly Algorithm[] = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const),
];

/** The algorithms that are allowed: the app's, else those that the provider announces, else OpenID Connect's RS256. */
export function algorithmsOf(wanted: readonly Algorithm[] | undefined, announced: unknown): readonly Algorithm[] {
  if (wanted !== undefined) return wanted;
  const usable = known.filter((name) => Array.isArray(announced) && announced.includes(name));
  return usable.length > 0 ? usable : ["RS256"];
}

/** @throws ConfigurationError */
export function checkAlgorithms(wanted: unknown): void {
  if (wanted === undefined) return;
  if (Array.isArray(wanted) && wanted.length > 0 && wanted.every((name) => known.includes(name))) return;
  throw new ConfigurationError("The option algorithms cannot be used.", {
    code: "invalid_option",
    option: "algorithms",
    hint: `Give some of ${known.join(", ")}, or leave it out.`,
  });
}

/** The hash that goes with an algorithm, for `at_hash`. */
export function hashOf(algorithm: string): string {
  const [, bits = "512"] = /(256|384|512)$/.exec(algorithm.replace("Ed25519", "EdDSA")) ?? [];
  return `SHA-${bits}`;
}
