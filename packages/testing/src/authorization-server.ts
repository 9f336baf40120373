import { apiEndpoint, type Resource, spotifyResources } from "./api-endpoint.ts";
import { authorizeEndpoint } from "./authorize-endpoint.ts";
import { type Clock, runningClock } from "./clock.ts";
import { type Context, json } from "./endpoint.ts";
import { createFaultQueue, type Fault } from "./fault.ts";
import { createGrants, type IssuedTokens } from "./grants.ts";
import { metadataEndpoint, metadataPath, type Paths } from "./metadata-endpoint.ts";
import { type Decision, type PersonName, people } from "./people.ts";
import { type ReceivedRequest, type RecordedRequest, type RequestKind, receive } from "./recorded-request.ts";
import type { Registration } from "./registration.ts";
import { revokeEndpoint } from "./revoke-endpoint.ts";
import { checkSettings, type Settings } from "./settings.ts";
import { type Answer, elsewhere, spoil } from "./spoiled-answer.ts";
import { tokenEndpoint } from "./token-endpoint.ts";
import type { Violation } from "./violation.ts";

/** The issuer of a server that was told none. */
export const defaultIssuer = "https://provider.test";

export interface AuthorizationServerOptions extends Partial<Settings> {
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
  /** Issues the tokens of a login that nobody clicked through, for `sealSession`. */
  issueTokens(login: {
    readonly clientId: string;
    readonly person: PersonName;
    readonly scope?: readonly string[];
  }): IssuedTokens;
  readonly settings: Readonly<Settings>;
  /** Changes settings while the server runs. */
  configure(settings: Partial<Settings>): void;
  readonly clock: Clock;
  /** Makes an endpoint misbehave. */
  fault(fault: Fault): void;
  clearFaults(): void;
  readonly faults: readonly Fault[];
  /** Every request, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The token requests, or those with one grant type. */
  tokenRequests(grantType?: string): readonly RecordedRequest[];
  /** Every broken rule: a test of an honest client asserts that there is none. */
  readonly violations: readonly Violation[];
  /** Ends every grant, or one person's: the app is removed from the account. */
  revokeGrants(person?: PersonName): void;
  /** Makes every access token unusable, while refresh tokens stay. */
  revokeAccessTokens(): void;
  /** Forgets requests, violations and faults; grants and settings stay. */
  reset(): void;
}

/** Creates a strict OAuth 2.0 authorization server in this process, Spotify-shaped unless told otherwise; throws a TypeError for settings that make no sense. */
export function createAuthorizationServer(options: AuthorizationServerOptions = {}): AuthorizationServer {
  const { clients, clock = runningClock(), wait = waitByTimer, resources = spotifyResources } = options;
  const settings: Settings = {
    issuer: options.issuer ?? defaultIssuer,
    rotation: options.rotation ?? "omit",
    expiresIn: options.expiresIn ?? 3600,
    refreshTokenLifetime: options.refreshTokenLifetime ?? 180 * 86_400,
    announceIssuer: options.announceIssuer ?? false,
    autoApprove: options.autoApprove ?? null,
  };
  checkSettings(settings);
  const paths: Paths = { authorize: "/authorize", token: "/api/token", revoke: null, ...options.paths };
  const requests: RecordedRequest[] = [];
  const violations: Violation[] = [];
  const faults = createFaultQueue();
  const grants = createGrants(settings, clock);
  const context: Context = {
    settings,
    clock,
    grants,
    registrations: clients === undefined ? null : new Map(clients.map((client) => [client.clientId, client])),
    tokenParameters: options.tokenParameters ?? [],
    report: (request, rule, message) => violations.push({ rule, message, request: request.record }),
  };
  const answerToken = tokenEndpoint(context);

  function kindOf(path: string): RequestKind {
    if (path === paths.authorize) return "authorize";
    if (path === paths.token) return "token";
    if (path === paths.revoke) return "revoke";
    if (path === metadataPath(settings.issuer)) return "metadata";
    return Object.hasOwn(resources, path) || path.startsWith("/v1/") ? "api" : "other";
  }

  async function work(request: ReceivedRequest, decided: Decision | null): Promise<Response> {
    const { pathname } = request.url;
    const resource = Object.hasOwn(resources, pathname) ? resources[pathname] : undefined;
    const { kind } = request.record;
    if (kind === "authorize") return authorizeEndpoint(context, request, decided);
    if (kind === "token") return answerToken(request);
    if (kind === "revoke") return revokeEndpoint(context, request);
    if (kind === "metadata") return metadataEndpoint(settings, paths);
    if (resource !== undefined) return apiEndpoint(context, request, resource);
    if (pathname === elsewhere) {
      context.report(request, "redirect_followed", "The client followed a redirect that only an attacker sends.");
    }
    return json(404, { error: { status: 404, message: "Not found" } });
  }

  async function handle(incoming: Request, decided: Decision | null = null): Promise<Answer> {
    const kind = kindOf(new URL(incoming.url).pathname);
    const request = await receive(incoming, kind, clock.now());
    const { record } = request;
    requests.push(record);
    const fault = faults.take(kind, record.grantType);
    if (fault !== undefined) record.fault = fault.kind;
    const answer: Answer =
      fault === undefined
        ? { kind: "response", response: await work(request, decided) }
        : await spoil(fault, () => work(request, decided), wait);
    if (answer.kind === "response") {
      record.status = answer.response.status;
      const error = await readError(kind, answer.response);
      if (error !== null) record.error = error;
    }
    return answer;
  }

  async function fetchOnce(request: Request): Promise<Response> {
    const answer = await Promise.race([handle(request), aborted(request.signal)]);
    if (answer.kind === "response") return answer.response;
    if (answer.kind === "hang") return aborted(request.signal);
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
  }

  async function fetchFollowing(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const base = settings.issuer;
    let request = new Request(input instanceof Request ? input : new URL(input, base), init);
    for (let hops = 0; hops < 20; hops++) {
      request.signal.throwIfAborted();
      const again = request.clone();
      const response = await fetchOnce(request);
      const location = response.headers.get("location");
      if (location === null || request.redirect === "manual") return response;
      if (request.redirect === "error")
        throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
      const target = new URL(location, request.url);
      // The callback's host is another server, and this one is no network: the redirect itself is all it can give.
      if (target.origin !== new URL(request.url).origin) return response;
      const keepsMethod = response.status === 307 || response.status === 308;
      request = keepsMethod ? new Request(target, again) : new Request(target, { signal: request.signal });
    }
    throw new TypeError("fetch failed", { cause: new Error("redirect count exceeded") });
  }

  return {
    fetch: fetchFollowing,
    handle: (request) => handle(request),
    async authorize(url, { person }) {
      const answer = await handle(new Request(new URL(url, settings.issuer)), person);
      const location = answer.kind === "response" ? answer.response.headers.get("location") : null;
      if (location !== null) return location;
      const reason = violations.at(-1)?.message ?? `the request was answered with ${answer.kind}`;
      throw new Error(`The authorization request has no callback: ${reason}`);
    },
    issueTokens: ({ clientId, person, scope = [] }) => grants.open({ clientId, person: people[person], scope }).tokens,
    settings,
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
    revokeGrants: (person) => grants.revokeGrants(person === undefined ? undefined : people[person]),
    revokeAccessTokens: () => grants.revokeAccessTokens(),
    reset() {
      requests.length = 0;
      violations.length = 0;
      faults.clear();
    },
  };
}

/** Never resolves; rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function waitByTimer(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The OAuth error of an answer, for the record. */
async function readError(kind: RequestKind, response: Response): Promise<string | null> {
  const location = response.headers.get("location");
  if (kind === "authorize" && location !== null)
    return new URL(location, "http://base.invalid").searchParams.get("error");
  if (response.ok || !response.headers.get("content-type")?.includes("json")) return null;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  return typeof error === "string" ? error : null;
}
