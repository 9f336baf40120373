import type { Dialect } from "../dialects/dialect.ts";
import type { Resource } from "../endpoints/api-endpoint.ts";
import type { Paths } from "../endpoints/metadata-endpoint.ts";
import type { FaultBehaviour } from "../state/fault.ts";
import type { Person } from "../state/people.ts";
import type { RequestKind } from "../state/recorded-request.ts";
import type { Settings } from "../state/settings.ts";

/** Who a person is, as an app would keep it. */
export interface Described {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean | null;
  readonly picture: string | null;
}

/**
 * A provider as its own pages, and those who talk to it, describe it: paths, words and clocks. What is known from where
 * stands in `cited/`, with the requests and answers that were read.
 */
export interface Family {
  /** What it calls itself in `iss` and in id_tokens. */
  readonly issuer: string;
  readonly paths: Paths;
  /** Paths beside those. */
  readonly kindOf?: (path: string) => RequestKind | undefined;
  readonly settings: Partial<Settings>;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly dialects: readonly Dialect[];
  /** Parameters that its token requests may carry beyond the standard's. */
  readonly tokenParameters?: readonly string[];
  /** A request to its API that any token of `scope` may send; a GET of the first resource, unless given. */
  readonly call?: { readonly path: string; readonly method: string; readonly body?: string };
  /** What a login must ask for, so that everything here works. */
  readonly scope: readonly string[];
  /** Two of its tokens and a profile do not fit into the cookies of a session: an app needs a store. */
  readonly largeTokens?: true;
  /** How the contract's client proves itself. */
  readonly client: "none" | "basic" | "post";
  /** Whether its pages name an end for refresh tokens, each answer states it, somebody told it, or there is none. */
  readonly clock: "documented" | "stated" | "unsure" | "none";
  /** Whether its pages promise to every client how long a replaced refresh token is answered. */
  readonly grace?: "documented";
  /** Members of the answer to a code that say what no other request does: whose workspace it is, where its API is. */
  readonly kept?: readonly string[];
  /** What its API says about a person, in an app's words; null where it has no such answer. */
  readonly describes: ((person: Person) => Described) | null;
  /** Answers at the token endpoint that say nothing about a token: a firewall, a limit, a proxy. */
  readonly outages?: Readonly<Record<string, FaultBehaviour>>;
}

/** Seconds: a day, and a clock that ends nothing in a test. */
export const days = 86_400;
export const never: number = 100 * 365 * days;

/** Returns a person as OpenID Connect's userinfo says it (Core section 5.1). */
export function claimsOf(person: Person): Record<string, unknown> {
  const { id: sub, displayName: name, email, picture } = person;
  return { sub, name, email, email_verified: true, picture };
}

export function described(person: Person, changes: Partial<Described> = {}): Described {
  const { id, displayName: name, email, picture } = person;
  return { id, name, email, emailVerified: null, picture, ...changes };
}
