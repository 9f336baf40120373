import { type ProviderContract, providerCells, whyAbsent } from "@pixy/testing";
import { markdown } from "../interop/matrix.ts";

/** What a run has shown, provider by provider and cell by cell. */
export interface Table {
  /** Counts a promise that is about to be tried. */
  plan(provider: string, cell: string): void;
  pass(provider: string, cell: string): void;
  toMarkdown(presets: readonly (ProviderContract & { readonly name: string })[]): string;
}

export function createTable(): Table {
  const planned = new Map<string, number>();
  const passed = new Map<string, number>();
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

  function outcome(preset: ProviderContract & { readonly name: string }, cell: (typeof providerCells)[number]): string {
    const key = `${preset.name} ${cell}`;
    if (whyAbsent(cell, preset) !== null) return "–";
    if (!planned.has(key) || planned.get(key) !== passed.get(key)) return "fails";
    return cell === "death" && preset.death === "kept" ? "refused, kept" : "holds";
  }

  return {
    plan: (provider, cell) => void count(planned, `${provider} ${cell}`),
    pass: (provider, cell) => void count(passed, `${provider} ${cell}`),
    toMarkdown: (presets) =>
      markdown(
        ["provider", ...providerCells],
        presets.map((preset) => [preset.name, ...providerCells.map((cell) => outcome(preset, cell))]),
      ),
  };
}
