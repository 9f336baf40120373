// The authorization server

export type { Resource } from "./endpoints/api-endpoint.ts";
export type { Paths } from "./endpoints/metadata-endpoint.ts";
export type { Answer } from "./endpoints/spoiled-answer.ts";
export { type FamilyName, families } from "./families/families.ts";
export type { Described, Family } from "./families/family.ts";
export {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from "./provider/authorization-server.ts";
export type { Fault, FaultBehaviour } from "./state/fault.ts";
export type { IssuedTokens } from "./state/grants.ts";
export { type Decision, type Person, type PersonName, people } from "./state/people.ts";
export type { RecordedRequest, RequestKind } from "./state/recorded-request.ts";
export type { ClientAuthenticationMethod, Registration } from "./state/registration.ts";
export type { Rotation, Settings } from "./state/settings.ts";
export type { Rule, Violation } from "./state/violation.ts";

// Time

export { type Clock, createClock, runningClock } from "./state/clock.ts";

// Over HTTP

export { type HttpServer, type ServeOptions, serve } from "./control/http-server.ts";
export type { RoomOptions } from "./control/room.ts";
export {
  countOutcomes,
  type Outcome,
  type ProgramVisitor,
  type Visitor,
  type VisitorState,
} from "./control/visitor.ts";

// A browser without a window

export type { CallOptions, NavigateOptions, PrefetchOptions } from "./browser/browser-request.ts";
export type { StoredCookie } from "./browser/cookie-jar.ts";
export { createUserAgent, type UserAgent, type UserAgentOptions } from "./browser/user-agent.ts";
export type { Hop, Page, VisitOptions } from "./browser/visit.ts";

// Somebody who is logged in

export { type SealedCookie, type SealSessionInput, sealSession } from "./seal-session.ts";
export { type TestSession, withSession } from "./with-session.ts";

// The contracts

export type { AdapterContract, AdapterProfile, RunningApp } from "./adapter-contract/adapter-contract.ts";
export { describeAdapter } from "./adapter-contract/describe-adapter.ts";
export type { Runner } from "./contract/runner.ts";
export { describeProvider, firstFailure, whyAbsent } from "./provider-contract/describe-provider.ts";
export {
  type Cell as ProviderCell,
  cells as providerCells,
  type ProviderContract,
} from "./provider-contract/provider-contract.ts";
export { describeStore } from "./store-contract/describe-store.ts";
export type { StoreContract, StoreUnderTest } from "./store-contract/store-contract.ts";
