import type { Cell, ProviderContract } from "./provider-contract.ts";
import type { ProviderStage } from "./stage.ts";

/** A promise of every preset, shown by one cell of the table. */
export interface Row {
  readonly cell: Cell;
  readonly promise: string;
  /** Why a provider has no such thing, or null. */
  readonly absent?: (contract: ProviderContract) => string | null;
  /** Whether the row breaks rules of the server on purpose. */
  readonly breaksRules?: boolean;
  run(stage: ProviderStage): Promise<void>;
}
