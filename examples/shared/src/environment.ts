import { spotify, spotifyAt } from "@pixy/providers/spotify";
import {
  ConfigurationError,
  createAuth,
  defineProvider,
  discover,
  type FindProvider,
  type Provider,
  printable,
} from "@pixy/server";

/** Where an example keeps its sessions. */
export type StoreName = "cookie" | "memory" | "redis" | "durable-object";

/** What an example is started with, read from its variables and checked. */
export interface Environment {
  readonly port: number;
  /** The public origin, with a path prefix if there is one. */
  readonly baseUrl: string;
  /** The path prefix without a slash at the end; `""` for none. */
  readonly basePath: string;
  readonly secret: string;
  readonly clientId: string;
  readonly provider: Provider | FindProvider;
  readonly store: StoreName;
  /** Given whenever `store` is `redis`. */
  readonly redisUrl: string | null;
}

export interface EnvironmentOptions {
  /** The port where `PORT` is not set. */
  readonly port: number;
  /** The values that `SESSION_STORE` may have here. Default: `cookie`, `memory` and `redis`. */
  readonly stores?: readonly StoreName[];
  /** Gets a warning for the developer. Default: `console.warn`. */
  readonly warn?: (message: string) => void;
}

/** Says in one line which variable cannot be used and what to set instead; never prints a secret. */
export class EnvironmentError extends Error {
  override readonly name: string = "EnvironmentError";
  readonly variable: string;

  constructor(variable: string, advice: string) {
    super(printable(`${variable}: ${advice}`));
    this.variable = variable;
  }
}

type Variables = Readonly<Record<string, unknown>>;

const makeSecret = `node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;

/**
 * Reads the variables of an example. Outside production a missing `SESSION_SECRET` is made up, with a warning.
 * Throws `EnvironmentError` at the first variable that is missing or malformed, `ConfigurationError` at one that Pixy
 * refuses.
 */
export function readEnvironment(variables: Variables, options: EnvironmentOptions): Environment {
  const port = readPort(read(variables, "PORT") ?? String(options.port));
  const baseUrl = readBaseUrl(read(variables, "BASE_URL") ?? `http://127.0.0.1:${port}`);
  const redisUrl = readRedisUrl(read(variables, "REDIS_URL"));
  const stores = options.stores ?? ["cookie", "memory", "redis"];
  const environment: Environment = {
    port,
    baseUrl: baseUrl.href.replace(/(?<!\/)\/+$/, ""),
    basePath: baseUrl.pathname.replace(/(?<!\/)\/+$/, ""),
    provider:
      readFinding(variables) ?? readProvider(read(variables, "PROVIDER_URL"), read(variables, "PROVIDER_ROTATION")),
    clientId: readClientId(read(variables, "SPOTIFY_CLIENT_ID"), read(variables, "PROVIDER_URL") !== null),
    store: readStore(read(variables, "SESSION_STORE"), stores, redisUrl),
    redisUrl,
    secret: readSecret(variables, options.warn ?? console.warn),
  };
  refuseWhatPixyRefuses(environment);
  return environment;
}

/** Says at the start what would otherwise be said at the first request; the app gives its warnings itself. */
function refuseWhatPixyRefuses({ provider, clientId, baseUrl, secret }: Environment): void {
  createAuth({ provider, clientId, baseUrl, secret, onEvent() {} });
}

const variableOf: Readonly<Record<string, string>> = {
  baseUrl: "BASE_URL",
  clientId: "SPOTIFY_CLIENT_ID",
  redirectUri: "BASE_URL",
  secret: "SESSION_SECRET",
};

/** Puts an error of the start into one line, or returns `null` when the error is no matter of variables. */
export function explainStart(error: unknown): string | null {
  if (error instanceof EnvironmentError) return error.message;
  if (!ConfigurationError.isInstance(error)) return null;
  const variable = variableOf[error.option];
  const said = error.message.includes(error.hint) ? error.message : `${error.message} ${error.hint}`;
  return (variable === undefined ? said : `${variable}: ${said}`).replace(/\s+/g, " ");
}

function read(variables: Variables, name: string): string | null {
  const value = variables[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new EnvironmentError("PORT", `set a port between 1 and 65535, such as 3001, not "${text}".`);
}

function readBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new EnvironmentError("BASE_URL", 'set the public origin, such as "https://app.example/shop", and no more.');
  }
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.protocol === "http:" && !isLoopback) {
    throw new EnvironmentError(
      "BASE_URL",
      `use https: http is for 127.0.0.1 only. Set ${url.href.replace("http:", "https:")}`,
    );
  }
  return url;
}

function readProvider(url: string | null, rotation: string | null): Provider {
  if (rotation !== null && rotation !== "rotating" && rotation !== "reusable") {
    throw new EnvironmentError(
      "PROVIDER_ROTATION",
      `set "rotating" or "reusable", or leave it out, not "${rotation}".`,
    );
  }
  const overrides: Partial<Provider["refreshTokens"]> = rotation === null ? {} : { rotation };
  if (url === null) return defineProvider({ ...spotify, refreshTokens: { ...spotify.refreshTokens, ...overrides } });
  try {
    return spotifyAt(url, overrides);
  } catch {
    throw new EnvironmentError(
      "PROVIDER_URL",
      'set the URL of a Spotify-shaped server, such as "http://127.0.0.1:4000".',
    );
  }
}

/** With `PROVIDER_DISCOVERY=1` the server at `PROVIDER_URL` says by its metadata where its endpoints are, at first use. */
function readFinding(variables: Variables): FindProvider | null {
  const wanted = read(variables, "PROVIDER_DISCOVERY");
  if (wanted === null) return null;
  const url = read(variables, "PROVIDER_URL");
  if (wanted !== "1" || url === null) {
    throw new EnvironmentError("PROVIDER_DISCOVERY", 'set "1" and PROVIDER_URL with it, or leave it out.');
  }
  const { name, api, profile, refreshTokens } = readProvider(url, read(variables, "PROVIDER_ROTATION"));
  return () => discover(url, { allowInsecureLoopback: true, provider: { name, api, profile, refreshTokens } });
}

function readClientId(text: string | null, isOwnProvider: boolean): string {
  if (text === null && isOwnProvider) return "pixy-demo";
  if (text !== null && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new EnvironmentError(
    "SPOTIFY_CLIENT_ID",
    "set the client id of your app at https://developer.spotify.com/dashboard, or set PROVIDER_URL to try without one.",
  );
}

function readRedisUrl(text: string | null): string | null {
  if (text === null || (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol))) return text;
  throw new EnvironmentError("REDIS_URL", 'set a URL such as "redis://127.0.0.1:6379".');
}

function readStore(text: string | null, stores: readonly StoreName[], redisUrl: string | null): StoreName {
  const name = text ?? (redisUrl !== null && stores.includes("redis") ? "redis" : "cookie");
  const store = stores.find((known) => known === name);
  if (store === undefined) {
    throw new EnvironmentError("SESSION_STORE", `set one of ${stores.join(", ")}, not "${name}".`);
  }
  if (store === "redis" && redisUrl === null) {
    throw new EnvironmentError("REDIS_URL", 'set the server of SESSION_STORE=redis, such as "redis://127.0.0.1:6379".');
  }
  return store;
}

function readSecret(variables: Variables, warn: (message: string) => void): string {
  const secret = read(variables, "SESSION_SECRET");
  if (secret === null && variables.NODE_ENV !== "production") {
    warn("SESSION_SECRET is not set: one was made for this run, and logins end with it. Keep one in the environment.");
    return randomSecret();
  }
  if (secret !== null) return secret;
  throw new EnvironmentError("SESSION_SECRET", `set 32 random bytes as base64url. Make them with: ${makeSecret}`);
}

function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
