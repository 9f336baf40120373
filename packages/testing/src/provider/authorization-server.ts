import { speak } from "../dialects/dialect.ts";
import { type Resource, spotifyResources } from "../endpoints/api-endpoint.ts";
import type { Context } from "../endpoints/endpoint.ts";
import { createEndpoints } from "../endpoints/endpoints.ts";
import type { Paths } from "../endpoints/metadata-endpoint.ts";
import { type Answer, spoil } from "../endpoints/spoiled-answer.ts";
import { type FamilyName, families } from "../families/families.ts";
import { type Clock, runningClock } from "../state/clock.ts";
import { createDevices } from "../state/devices.ts";
import { createFaultQueue, type Fault } from "../state/fault.ts";
import { createGrants, type IssuedTokens } from "../state/grants.ts";
import { pushLatest } from "../state/latest.ts";
import { redirectUriBehind } from "../state/login-behind.ts";
import { type Decision, type PersonName, people } from "../state/people.ts";
import { errorOf, type RecordedRequest, receive } from "../state/recorded-request.ts";
import type { Registration } from "../state/registration.ts";
import { checkSettings, defaultIssuer, readSettings, type Settings } from "../state/settings.ts";
import type { Violation } from "../state/violation.ts";
import { inProcessFetch } from "./in-process-fetch.ts";

export interface AuthorizationServerOptions extends Partial<Settings> {
  /** Answers as this provider does: its paths, its words, its clocks. Spotify without its words, unless given. */
  readonly as?: FamilyName;
  /** The registered clients; without them every client id is a public client with any redirect URI that Spotify allows. */
  readonly clients?: readonly Registration[];
  /** Spotify's `/authorize` and `/api/token` without revocation, unless given. */
  readonly paths?: Partial<Paths>;
  /** The paths of the API; Spotify's `/v1/me` and `/v1/me/playlists`, unless given. */
  readonly resources?: Readonly<Record<string, Resource>>;
  /** Parameters that token requests may carry beyond the standard's; others are violations. */
  readonly tokenParameters?: readonly string[];
  /** The system's clock, unless given. */
  readonly clock?: Clock;
  /** How many requests and violations are remembered; 20,000 each, unless given. */
  readonly maxRecords?: number;
  /** How a delay passes; by a timer, unless given. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

export interface AuthorizationServer {
  /** Answers a request without a network: the `fetch` option of a client. Only the path counts, so a preset's real URLs work. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Answers a request, or says how it stays unanswered. */
  readonly handle: (request: Request) => Promise<Answer>;
  /** Does what a person does with the login page at this authorization URL; returns the callback's URL. */
  authorize(url: string | URL, decision: { readonly person: Decision }): Promise<string>;
  /** Does what a person does with a device's code on the verification page. @throws Error for a code that there is not */
  decideDevice(userCode: string, decision: { readonly person: Decision }): void;
  /** Issues the tokens of a login that nobody clicked through, for `sealSession`. */
  issueTokens(login: {
    readonly clientId: string;
    readonly person: PersonName;
    readonly scope?: readonly string[];
  }): IssuedTokens;
  readonly settings: Readonly<Settings>;
  /** Whether nobody gave it an issuer: `serve` puts its address there. */
  readonly issuerIsFree: boolean;
  /** Changes settings while the server runs. */
  configure(settings: Partial<Settings>): void;
  readonly clock: Clock;
  /** Makes an endpoint misbehave. */
  fault(fault: Fault): void;
  clearFaults(): void;
  readonly faults: readonly Fault[];
  /** Every request since the last reset in the order of arrival, the latest `maxRecords` of them. */
  readonly requests: readonly RecordedRequest[];
  /** The token requests, or those with one grant type. */
  tokenRequests(grantType?: string): readonly RecordedRequest[];
  /** Every broken rule, as many as of requests: a test of an honest client asserts that there is none. */
  readonly violations: readonly Violation[];
  /** How many requests and violations there were since the last reset, forgotten ones too. */
  readonly counts: { readonly requests: number; readonly violations: number };
  /** Tells whether an access token, and the grant behind it, has not been ended; its lifetime is another matter. */
  isAlive(accessToken: string): boolean;
  /** Ends every grant, or one person's: the app is removed from the account. */
  revokeGrants(person?: PersonName): void;
  /** Makes every access token unusable, while refresh tokens stay. */
  revokeAccessTokens(): void;
  /** Forgets requests, violations and faults; grants and settings stay. */
  reset(): void;
}

/**
 * Creates a strict OAuth 2.0 authorization server in this process, Spotify-shaped unless told otherwise.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749 RFC 6749}
 * @throws TypeError for settings that make no sense.
 * @example
 * const server = createAuthorizationServer({ rotation: "strict", expiresIn: 60 });
 * server.fault({ at: "token", kind: "status", status: 503, times: 1 });
 */
export function createAuthorizationServer(options: AuthorizationServerOptions = {}): AuthorizationServer {
  const { as, clients, clock = runningClock(), wait = waitByTimer, maxRecords = 20_000 } = options;
  if (as !== undefined && !Object.hasOwn(families, as)) {
    throw new TypeError(`as is one of ${Object.keys(families).join(", ")}, not "${as}".`);
  }
  const family = as === undefined ? undefined : families[as];
  const { resources = family?.resources ?? spotifyResources } = options;
  const ownIssuer = family?.issuer ?? defaultIssuer;
  const settings = readSettings({ issuer: ownIssuer, ...family?.settings, ...options });
  const paths: Paths = {
    ...{ authorize: "/authorize", token: "/api/token", revoke: null },
    // Spotify itself has no device grant; somebody who asks for Spotify by name gets none.
    device: family === undefined ? "/device_authorization" : null,
    ...family?.paths,
    ...options.paths,
  };
  const requests: RecordedRequest[] = [];
  const violations: Violation[] = [];
  const counts = { requests: 0, violations: 0 };
  const faults = createFaultQueue();
  const grants = createGrants(settings, clock);
  const devices = createDevices(settings, clock);
  const context: Context = {
    settings,
    clock,
    grants,
    devices,
    hasDeviceGrant: Boolean(paths.device),
    registrations: clients === undefined ? null : new Map(clients.map((client) => [client.clientId, client])),
    tokenParameters: [...(family?.tokenParameters ?? []), ...(options.tokenParameters ?? [])],
    report(request, rule, message) {
      counts.violations++;
      pushLatest(violations, { rule, message, request: request.record }, maxRecords);
    },
  };
  const endpoints = createEndpoints(context, paths, resources, family?.kindOf);
  const answerRequest = speak(family?.dialects ?? [], endpoints.answer, context);

  async function handle(incoming: Request, decided: Decision | null = null): Promise<Answer> {
    const kind = endpoints.kindOf(new URL(incoming.url).pathname);
    const request = await receive(incoming, kind, clock.now());
    const { record } = request;
    const redirectUri = redirectUriBehind(request, grants);
    if (redirectUri !== null) record.redirectUri = redirectUri;
    counts.requests++;
    pushLatest(requests, record, maxRecords);
    const fault = faults.take(kind, record.grantType);
    if (fault !== undefined) record.fault = fault.kind;
    const answer: Answer =
      fault === undefined
        ? { kind: "response", response: await answerRequest(request, decided) }
        : await spoil(fault, () => answerRequest(request, decided), wait);
    if (answer.kind === "response") {
      record.status = answer.response.status;
      const error = await errorOf(kind, answer.response);
      if (error !== null) record.error = error;
    }
    return answer;
  }

  return {
    fetch: inProcessFetch(settings, handle),
    handle: (request) => handle(request),
    async authorize(url, { person }) {
      const answer = await handle(new Request(new URL(url, settings.issuer)), person);
      const location = answer.kind === "response" ? answer.response.headers.get("location") : null;
      if (location !== null) return location;
      const reason = violations.at(-1)?.message ?? `the request was answered with ${answer.kind}`;
      throw new Error(`The authorization request has no callback: ${reason}`);
    },
    decideDevice(userCode, { person }) {
      if (!devices.decide(userCode, person)) throw new Error(`No device waits with the code ${userCode}.`);
    },
    issueTokens: ({ clientId, person, scope = [] }) => grants.open({ clientId, person: people[person], scope }).tokens,
    settings,
    get issuerIsFree() {
      return options.issuer === undefined && settings.issuer === ownIssuer;
    },
    configure(changes) {
      checkSettings(changes);
      Object.assign(settings, changes);
    },
    clock,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    get faults() {
      return faults.list();
    },
    requests,
    tokenRequests: (grantType) =>
      requests.filter(
        (request) => request.kind === "token" && (grantType === undefined || request.grantType === grantType),
      ),
    violations,
    counts,
    isAlive(accessToken) {
      const token = grants.findAccessToken(accessToken);
      return token !== undefined && !token.revoked && !token.grant.revoked;
    },
    revokeGrants: (person) => grants.revokeGrants(person === undefined ? undefined : people[person]),
    revokeAccessTokens: () => grants.revokeAccessTokens(),
    reset() {
      requests.length = 0;
      violations.length = 0;
      Object.assign(counts, { requests: 0, violations: 0 });
      faults.clear();
    },
  };
}

function waitByTimer(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
