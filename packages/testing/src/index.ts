// The authorization server

export type { Resource } from "./api-endpoint.ts";
export {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  createAuthorizationServer,
} from "./authorization-server.ts";
export type { Fault, FaultBehaviour } from "./fault.ts";
export type { IssuedTokens, Rotation } from "./grants.ts";
export type { Paths } from "./metadata-endpoint.ts";
export { type Decision, type Person, type PersonName, people } from "./people.ts";
export type { RecordedRequest, RequestKind } from "./recorded-request.ts";
export type { ClientAuthenticationMethod, Registration } from "./registration.ts";
export type { Settings } from "./settings.ts";
export type { Answer } from "./spoiled-answer.ts";
export type { Rule, Violation } from "./violation.ts";

// Time

export { type Clock, createClock, runningClock } from "./clock.ts";

// Over HTTP

export { type HttpServer, type ServeOptions, serve } from "./http-server.ts";

// A browser without a window

export type { CallOptions, NavigateOptions, PrefetchOptions } from "./browser-request.ts";
export type { StoredCookie } from "./cookie-jar.ts";
export { createUserAgent, type UserAgent, type UserAgentOptions } from "./user-agent.ts";
export type { Hop, Page, VisitOptions } from "./visit.ts";

// Somebody who is logged in

export { type SealedCookie, type SealSessionInput, sealSession } from "./seal-session.ts";

// The contracts

export { type AdapterContract, type AdapterProfile, describeAdapter, type RunningApp } from "./describe-adapter.ts";
export { describeStore, type StoreContract, type StoreUnderTest } from "./describe-store.ts";
export type { Runner } from "./runner.ts";
