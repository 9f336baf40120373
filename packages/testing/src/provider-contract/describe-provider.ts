import { equal } from "../contract/assertion.ts";
import type { Runner } from "../contract/runner.ts";
import { deathRows } from "./death.ts";
import { loginRows } from "./login.ts";
import { profileRows } from "./profile.ts";
import { type Cell, cells, type ProviderContract } from "./provider-contract.ts";
import { refreshRows } from "./refresh.ts";
import { revocationRows } from "./revocation.ts";
import { rotationRows } from "./rotation.ts";
import type { Row } from "./row.ts";
import { ProviderStage } from "./stage.ts";

const rows: readonly Row[] = [
  ...[...loginRows, ...profileRows, ...refreshRows, ...rotationRows, ...deathRows, ...revocationRows],
];

async function run(row: Row, contract: ProviderContract): Promise<void> {
  const stage = new ProviderStage(contract);
  await row.run(stage);
  if (!row.breaksRules) equal(stage.server.violations, [], "rules of the provider that were broken");
}

/** Runs what every preset promises, through the whole of Pixy, against a server that answers as the provider does. */
export function describeProvider({ describe, it }: Runner, contract: ProviderContract): void {
  for (const cell of cells) {
    const present = rows.filter((row) => row.cell === cell && !row.absent?.(contract));
    if (present.length === 0) continue;
    describe(cell, () => {
      for (const row of present) it(row.promise, () => run(row, contract));
    });
  }
}

/** Runs the same without a test runner, until a promise fails; returns which and why, or null when all hold. */
export async function firstFailure(contract: ProviderContract): Promise<string | null> {
  for (const row of rows.filter((each) => !each.absent?.(contract))) {
    try {
      await run(row, contract);
    } catch (error) {
      return `${row.cell}: ${row.promise}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
}

/** Says why a provider has nothing that a cell could show; null where it has. */
export function whyAbsent(cell: Cell, contract: ProviderContract): string | null {
  const reasons = rows.filter((row) => row.cell === cell).map((row) => row.absent?.(contract) ?? null);
  return reasons.includes(null) ? null : [...new Set(reasons)].join("; ");
}
