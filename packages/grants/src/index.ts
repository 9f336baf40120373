// For stores: objects of options
export { ConfigurationError, checkMembers, type Members } from "@pixy/core";
// Events
export { createEmitter, type Emit, type EventLines } from "./events/emitter.ts";
// Grants
export { createGrants, type GrantSummary, type Grants } from "./grant/create-grants.ts";
export type { Grant } from "./grant/grant.ts";
export type { OpenGrant } from "./grant/grant-content.ts";
export { GrantError, type GrantErrorCode } from "./grant/grant-error.ts";
export type { GrantEvent } from "./grant/grant-event.ts";
export type { FoundGrant } from "./grant/grant-ledger.ts";
export { type FullName, type GrantName, readOwner } from "./grant/grant-name.ts";
export type { GrantsOptions, ProviderRegistration, StorePart } from "./grant/grant-options.ts";
export { type GrantsParts, partsOf } from "./grant/grants-parts.ts";
export { ownerMarks } from "./grant/owner-mark.ts";
export type { ResealResult } from "./grant/reseal.ts";
export type { SaveOptions, TokensToKeep } from "./grant/save-grant.ts";
export type { UpkeepOptions, UpkeepProgress } from "./grant/upkeep.ts";
// State of this process
export { Memo } from "./process/memo.ts";
export { monotonicMilliseconds } from "./process/monotonic-clock.ts";
export { processState } from "./process/process-state.ts";
export { Recent } from "./process/recent.ts";
// Records
export {
  type CachedReadsOptions,
  type Changes,
  cachedReads,
  checkMaxStale,
  type Living,
} from "./record/cached-reads.ts";
export { type ChangeChannel, type ChangeChannelOptions, changeChannel } from "./record/change-channel.ts";
export { type MemoryStoreOptions, memoryStore } from "./record/memory-store.ts";
export type {
  Acquired,
  AcquireOptions,
  CommitResult,
  IndexEntry,
  Intent,
  MaybePromise,
  Milliseconds,
  OwnerEpochs,
  RecordIndex,
  RecordStore,
  ReleaseOptions,
  StoredRecord,
} from "./record/record-store.ts";
export { type RecordKind, Records } from "./record/records.ts";
export { emptyRecord, type Operation, type RecordState, type Step, step, viewOf } from "./record/step.ts";
export { StoreFullError } from "./record/store-full.ts";
// The refresh
export { type NotedFailures, readNote } from "./refresh/failure-note.ts";
export { shareFlight } from "./refresh/flights.ts";
export { refreshSession } from "./refresh/refresh.ts";
export type { RefreshOutcome } from "./refresh/refresh-outcome.ts";
export {
  defaultTiming,
  type Refreshable,
  type RefreshStore,
  type RefreshTiming,
  type RefreshWorld,
} from "./refresh/refresh-world.ts";
export { createUnsaved, type Unsaved } from "./refresh/unsaved.ts";
export { type UpdateOutcome, type UpdateWorld, updateSession } from "./refresh/update.ts";
// Sealing
export { digest, storeKey } from "./sealing/digest.ts";
export { createSealer, type Opened, type Sealer } from "./sealing/seal.ts";
export { readSecrets, type SecretInput, type SecretKey, type Secrets } from "./sealing/secrets.ts";
export { SessionTooLargeError } from "./sealing/too-large.ts";
