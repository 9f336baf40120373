import { type Client, type ClientAuthentication, createClient, none, type PixyError, type Provider } from "@pixy/core";
import { basePathOf, isLoopback, readBaseUrl, stripPrefix } from "./base-url.ts";
import { cookieStore } from "../session/cookie-store.ts";
import { cookiePrefix } from "../web/cookies.ts";
import { createEmitter, type EmitEvent } from "./events.ts";
import type { NewLogin } from "../login/new-login.ts";
import { readAfterLogout, readName, readPath, readScope, readSeconds, refuseOption } from "./option-values.ts";
import { readRedirectUri } from "./redirect-uri.ts";
import type { IncomingRequest } from "../web/incoming-request.ts";
import { readSecrets, type SecretInput } from "@pixy/grants";
import type { SessionStore } from "@pixy/grants";
import type { Settings } from "./settings.ts";

/** What an app says about its login. Everything is checked when it is given. */
export interface PixyOptions<Data> {
  /** The authorization server: `spotify`, or one of `defineProvider`. */
  readonly provider: Provider;
  /** The client id of your registration at the provider. */
  readonly clientId: string;
  /** How the client proves itself; the default is a public client with PKCE, which has no secret. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /** The app's public origin, with a path prefix if it has one: the only source of every URL. */
  readonly baseUrl: string;
  /** 32 random bytes as base64url; or `[current, ...previous]` while a secret is replaced. */
  readonly secret: SecretInput;
  /** What every login asks for. */
  readonly scope?: readonly string[] | undefined;
  /** Where the routes are, below `baseUrl`. Default `/auth`. */
  readonly authPath?: string | undefined;
  /** Where the callback is, below `baseUrl`, if it is not `authPath` + `/callback`. */
  readonly callbackPath?: string | undefined;
  /** The redirect URI as it is registered, byte for byte, if it is not `baseUrl` + the callback's path. */
  readonly redirectUri?: string | undefined;
  /** Seconds: `idle` without a visit (default 30 days), `absolute` from the login (default 365 days). */
  readonly session?: { readonly idle?: number | undefined; readonly absolute?: number | undefined } | undefined;
  /** Where sessions live. Default: sealed in the browser's cookie. */
  readonly store?: SessionStore | undefined;
  /** Where a logout leads to. Default: the root of the app. */
  readonly afterLogout?: string | undefined;
  /** Runs once for each login; what it returns is kept in the session. The login fails if it throws. */
  readonly onLogin?: ((login: NewLogin) => Data | Promise<Data>) | undefined;
  readonly onEvent?: EmitEvent | undefined;
  /** Makes the app's own error page; `null` or `undefined` leaves it to the default. */
  readonly onError?: ((error: PixyError, request: IncomingRequest) => ErrorPage | Promise<ErrorPage>) | undefined;
  /** The stem of the cookies' names. Default `pixy`, on loopback `pixy-PORT`, because cookies ignore ports. */
  readonly name?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
}

type ErrorPage = Response | null | undefined;

const known: ReadonlySet<string> = new Set([
  ...["provider", "clientId", "clientAuthentication", "baseUrl", "secret", "scope", "authPath", "callbackPath"],
  ...["redirectUri", "session", "store", "afterLogout", "onLogin", "onEvent", "onError", "name", "fetch", "now"],
]);

/** Seconds. */
const day = 86_400;

/** Checks the options in full, without I/O or randomness. Throws `ConfigurationError` that names the option. */
export function readOptions<Data>(options: PixyOptions<Data>): Settings<Data> {
  if (typeof options !== "object" || options === null)
    throw refuseOption("options", "Give an object with the options.");
  for (const key of Object.keys(options)) {
    if (!known.has(key)) throw refuseOption(key, `There is no such option. The options are: ${[...known].join(", ")}.`);
  }
  const { provider, clientId } = options;
  if (typeof provider?.tokenEndpoint !== "string")
    throw refuseOption("provider", "Give `spotify` or a `defineProvider(…)`.");
  const baseUrl = readBaseUrl(options.baseUrl);
  const basePath = basePathOf(baseUrl);
  const authPath = readPath("authPath", options.authPath ?? "/auth");
  const redirectUri = readRedirectUri(options, baseUrl, basePath, authPath);
  const client = (id: string): Client =>
    createClient({ provider, clientId: id, redirectUri, authentication: options.clientAuthentication ?? none() });
  const configured = client(clientId);
  const secure = baseUrl.protocol === "https:";
  const name = readName(options.name ?? (isLoopback(baseUrl) && baseUrl.port ? `pixy-${baseUrl.port}` : "pixy"));
  const stem = `${cookiePrefix(secure)}${name}`;
  const now = options.now ?? Date.now;
  const emit = createEmitter(options.onEvent, now);
  const homeUrl = `${basePath}/`;
  const settings: Settings<Data> = {
    provider,
    clientId,
    redirectUri,
    baseUrl,
    basePath,
    authPath,
    callbackPath: stripPrefix(new URL(redirectUri).pathname, basePath),
    loginUrl: `${basePath}${authPath}/login`,
    homeUrl,
    afterLogout: readAfterLogout(options.afterLogout, baseUrl) ?? homeUrl,
    scope: readScope(options.scope ?? []),
    secrets: readSecrets(options.secret, configured),
    secure,
    cookies: { session: stem, login: `${stem}-login-`, done: `${stem}-done` },
    idle: readSeconds("session.idle", options.session?.idle ?? 30 * day) * 1000,
    absolute: readSeconds("session.absolute", options.session?.absolute ?? 365 * day) * 1000,
    store: options.store ?? cookieStore(options.now ? { now: options.now } : {}),
    instance: [stem, provider.issuer, clientId].join("\u001f"),
    emit,
    now,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    onLogin: options.onLogin,
    onError: options.onError,
    client: (id) => (id === undefined || id === clientId ? configured : client(id)),
  };
  warnOfUnsafeCombination(settings);
  return settings;
}

function warnOfUnsafeCombination<Data>(settings: Settings<Data>): void {
  const { provider, store, emit } = settings;
  if (provider.refreshTokens.rotation !== "rotating" || store.scope !== "cookie") return;
  emit({
    type: "set-up.warning",
    code: "rotation_needs_a_store",
    message:
      `${provider.name} replaces refresh tokens, and sessions live in cookies: with one process nobody is logged out, ` +
      "with several processes or isolates two may spend the same token. Keep sessions in Redis (@pixy/redis) or in a " +
      "Durable Object (@pixy/cloudflare) before you run a second one.",
  });
}
