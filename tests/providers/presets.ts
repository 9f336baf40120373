import { spotify } from "@pixy/core";
import type { ProviderContract } from "@pixy/testing";

/** A preset, and the server that it is tried against. */
export interface Preset extends ProviderContract {
  readonly name: string;
  /** Rules that the server cannot miss, and why. */
  readonly unseen?: Readonly<Record<string, string>>;
}

export const presets: readonly Preset[] = [{ name: "spotify", provider: spotify, as: "spotify" }];
