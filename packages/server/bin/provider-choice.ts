import all from "./providers.json" with { type: "json" };

/** What `init` has to know of a provider. The list is written from the presets' facts, so that nothing is imported of them. */
export interface ProviderChoice {
  /** The subpath of `@pixy/providers`. */
  readonly name: string;
  readonly title: string;
  /** Where to register an app, and how. */
  readonly register: string;
  /** What it says of redirect URIs. */
  readonly redirects: string;
  /** How a client proves itself: `secretBasic`, `secretPost`, or nothing where PKCE is enough. */
  readonly authentication: string;
  /** What stands after `provider:`. */
  readonly expression: string;
  /** With spaces between. */
  readonly scope: string;
}

export const providers: readonly ProviderChoice[] = all;

/** @throws Error with all names, for one that is unknown. */
export function findProvider(name: string): ProviderChoice {
  const found = providers.find((provider) => provider.name === name);
  if (found !== undefined) return found;
  if (name === "apple")
    throw new Error("Apple's keys are set up by hand: see Apple in docs/other-providers.md of Pixy.");
  throw new Error(`--provider is one of ${providers.map((provider) => provider.name).join(", ")}, not "${name}".`);
}
