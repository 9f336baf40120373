import {
  type Client,
  type ClientAuthentication,
  ConfigurationError,
  createClient,
  none,
  type PixyError,
  type Provider,
} from "@pixy/core";
import { cookieStore } from "./cookie-store.ts";
import { cookiePrefix } from "./cookies.ts";
import { createEmitter, type EmitEvent, type PixyEvent } from "./events.ts";
import type { NewLogin } from "./new-login.ts";
import type { IncomingRequest } from "./request-kind.ts";
import { safeReturnTo } from "./return-to.ts";
import { readSecrets, type SecretInput, type Secrets } from "./secrets.ts";
import type { SessionStore } from "./session-store.ts";

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

/** The options after they were checked, with everything derived from them. */
export interface Settings<Data> {
  readonly provider: Provider;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly baseUrl: URL;
  /** The path of `baseUrl` without a slash at the end; `""` for the root. */
  readonly basePath: string;
  /** Below `basePath`. */
  readonly authPath: string;
  readonly callbackPath: string;
  /** With `basePath`, as a browser sees it. */
  readonly loginUrl: string;
  readonly homeUrl: string;
  readonly afterLogout: string;
  readonly scope: readonly string[];
  readonly secrets: Secrets;
  readonly secure: boolean;
  readonly cookies: { readonly session: string; readonly login: string; readonly done: string };
  /** Milliseconds. */
  readonly idle: number;
  readonly absolute: number;
  readonly store: SessionStore;
  /** Sets this instance's state in the process apart from others'. */
  readonly instance: string;
  readonly emit: EmitEvent;
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly onLogin: ((login: NewLogin) => Data | Promise<Data>) | undefined;
  readonly onError: PixyOptions<Data>["onError"];
  /** The client of one login: the configured one, or the person's own. */
  client(clientId?: string): Client;
}

const known: ReadonlySet<string> = new Set([
  ...["provider", "clientId", "clientAuthentication", "baseUrl", "secret", "scope", "authPath", "callbackPath"],
  ...["redirectUri", "session", "store", "afterLogout", "onLogin", "onEvent", "onError", "name", "fetch", "now"],
]);

const day = 86_400;
const longest = 400 * day;

/** Checks the options in full, without I/O or randomness. Throws `ConfigurationError` that names the option. */
export function readOptions<Data>(options: PixyOptions<Data>): Settings<Data> {
  if (typeof options !== "object" || options === null) throw refuse("options", "Give an object with the options.");
  for (const key of Object.keys(options)) {
    if (!known.has(key)) throw refuse(key, `There is no such option. The options are: ${[...known].join(", ")}.`);
  }
  const { provider, clientId } = options;
  if (typeof provider?.tokenEndpoint !== "string") throw refuse("provider", "Give `spotify` or a `defineProvider(…)`.");
  const baseUrl = readBaseUrl(options.baseUrl);
  const basePath = baseUrl.pathname.replace(/(?<!\/)\/+$/, "");
  const authPath = readPath("authPath", options.authPath ?? "/auth");
  const redirectUri = readRedirectUri(options, baseUrl, basePath, authPath);
  const client = (id: string): Client =>
    createClient({ provider, clientId: id, redirectUri, authentication: options.clientAuthentication ?? none() });
  const configured = client(clientId);
  const secure = baseUrl.protocol === "https:";
  const name = readName(options.name ?? (isLoopback(baseUrl) && baseUrl.port ? `pixy-${baseUrl.port}` : "pixy"));
  const stem = `${cookiePrefix(secure)}${name}`;
  const now = options.now ?? Date.now;
  const emit = createEmitter(options.onEvent);
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
    secrets: readSecrets(options.secret),
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
  const event: PixyEvent = {
    type: "set-up.warning",
    code: "rotation_needs_a_store",
    message:
      `${provider.name} replaces refresh tokens, and sessions live in cookies: with one process nobody is logged out, ` +
      "with several processes or isolates two may spend the same token. Keep sessions in Redis (@pixy/redis) or in a " +
      "Durable Object (@pixy/cloudflare) before you run a second one.",
  };
  emit(event);
}

function readBaseUrl(text: unknown): URL {
  const hint = 'Give the public origin, such as "https://app.example" or "http://127.0.0.1:3000".';
  if (text === undefined || text === "") throw refuse("baseUrl", `It is empty: is the variable set? ${hint}`);
  if (typeof text !== "string" || !URL.canParse(text)) throw refuse("baseUrl", hint);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("baseUrl", hint);
  if (url.username || url.password || url.search || url.hash) {
    throw refuse("baseUrl", "Leave out user, password, query and fragment.");
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    throw new ConfigurationError(`baseUrl ${url.origin} is http and not on loopback.`, {
      code: "insecure_base_url",
      option: "baseUrl",
      hint: `Use https: ${text.replace(/^http:/i, "https:")}`,
    });
  }
  return url;
}

function readRedirectUri(
  options: Pick<PixyOptions<unknown>, "redirectUri" | "callbackPath">,
  baseUrl: URL,
  basePath: string,
  authPath: string,
): string {
  if (options.redirectUri === undefined) {
    const path = options.callbackPath ? readPath("callbackPath", options.callbackPath) : `${authPath}/callback`;
    return `${baseUrl.origin}${basePath}${path}`;
  }
  if (options.callbackPath) throw refuse("callbackPath", "Give redirectUri or callbackPath, not both.");
  if (!URL.canParse(options.redirectUri) || new URL(options.redirectUri).origin !== baseUrl.origin) {
    throw refuse("redirectUri", `It must be on the origin of baseUrl, ${baseUrl.origin}: the login cookie is there.`);
  }
  return options.redirectUri;
}

function readPath(option: string, path: unknown): string {
  if (typeof path === "string" && /^(\/[\w.~-]+)+$/.test(path)) return path;
  throw refuse(option, 'Give a path such as "/auth": a slash at the front, none at the end.');
}

function readAfterLogout(path: string | undefined, baseUrl: URL): string | null {
  if (path === undefined) return null;
  const safe = safeReturnTo(path, baseUrl);
  if (safe === null) throw refuse("afterLogout", 'Give a path of this app, such as "/goodbye".');
  return safe;
}

function readName(name: unknown): string {
  if (typeof name === "string" && /^[A-Za-z0-9][\w-]{0,40}$/.test(name)) return name;
  throw refuse("name", "Use letters, digits, - and _, at most 41 of them; the cookie prefix is added by itself.");
}

function readScope(scope: unknown): readonly string[] {
  const valid = Array.isArray(scope) && scope.every((item) => typeof item === "string" && /^[!#-[\]-~]+$/.test(item));
  if (!valid) throw refuse("scope", 'Give a list with one scope each, such as ["user-read-private"].');
  return Object.freeze([...new Set(scope as string[])]);
}

function readSeconds(option: string, seconds: unknown): number {
  if (Number.isSafeInteger(seconds) && (seconds as number) > 0 && (seconds as number) <= longest) {
    return seconds as number;
  }
  throw refuse(option, `Give whole seconds between 1 and ${longest} (400 days, the most that browsers keep a cookie).`);
}

/** The loopback names that http is allowed on. */
export function isLoopback(url: URL): boolean {
  return url.hostname === "127.0.0.1" || url.hostname === "[::1]" || url.hostname === "localhost";
}

/** Leaves `path` as it is where the prefix is not there. */
export function stripPrefix(path: string, prefix: string): string {
  return prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

function refuse(option: string, hint: string): ConfigurationError {
  return new ConfigurationError(`The option ${option} cannot be used. ${hint}`, {
    code: "invalid_option",
    option,
    hint,
  });
}
