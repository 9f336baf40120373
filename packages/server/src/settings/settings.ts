import { checkFunctions, checkMembers, type Members, type Provider } from "@pixy/core";
import { type RecordStore, readSecrets, type SecretInput, type Secrets } from "@pixy/grants";
import { cookiePrefix } from "../web/cookies.ts";
import { homePath, type ReturnPath } from "../web/return-path.ts";
import { basePathOf, isLoopback, readBaseUrl } from "./base-url.ts";
import { type Connecting, readConnecting, withGrants } from "./connect.ts";
import { createEmitter } from "./emitter.ts";
import type { EmitEvent } from "./events.ts";
import type { LoginHandler } from "./login-handler.ts";
import {
  readAfterLogout,
  readName,
  readOrigins,
  readPath,
  readPersistent,
  readSeconds,
  readStore,
  refuseOption,
} from "./option-values.ts";
import type { PixyOptions, SessionOptions } from "./options.ts";
import { type PickPublicData, readPublicData } from "./public-data.ts";
import { readSharing, type Sharing, storeOf } from "./sharing.ts";
import type { Way } from "./way.ts";
import { readWays, type Ways, wayMembers } from "./ways.ts";

/** What an app and its adapter may know of the options after they were checked. */
export interface PublicSettings {
  /** The app's only provider; `null` before it is found, and with several. */
  readonly provider: Provider | null;
  readonly ways: Ways;
  readonly baseUrl: URL;
  /** The path of `baseUrl` without a slash at the end; `""` for the root. */
  readonly basePath: string;
  /** Below `basePath`. */
  readonly authPath: string;
  /** With `basePath`, as a browser sees it. */
  readonly loginUrl: string;
  readonly homeUrl: ReturnPath;
  readonly afterLogout: ReturnPath;
  readonly trustedOrigins: readonly string[];
  readonly secure: boolean;
  readonly cookies: {
    readonly session: string;
    readonly attempt: string;
    readonly spent: string;
    readonly pass: string;
  };
  /** Milliseconds. */
  readonly idle: number;
  readonly absolute: number;
  /** Whether a session outlives the browser that is closed. */
  readonly persistent: boolean;
  /** Milliseconds of the longest pause after a failed refresh; `undefined`: what the failure asks for. */
  readonly longestPause: number | undefined;
  /** Where sessions live; `null`: in the browser, sealed. */
  readonly store: RecordStore | null;
  /** Sets this instance's state in the process apart from others'. */
  readonly instance: string;
  readonly emit: EmitEvent;
  readonly now: () => number;
  /** The clock that the app brought: what is kept by it is kept apart from what this process shares. */
  readonly ownNow: (() => number) | undefined;
  readonly fetch: typeof fetch;
  readonly onError: PixyOptions<unknown>["onError"];
  readonly onChoose: PixyOptions<unknown>["onChoose"];
  /** The way to log in with this key; `null` is the key of the only one. */
  way(key: string | null): Way | undefined;
}

/** The options after they were checked, with everything derived from them. */
export interface Settings<Data> extends PublicSettings {
  readonly secrets: Secrets;
  readonly onLogin: LoginHandler<Data> | undefined;
  /** `null` where pages may know nothing of the data. */
  readonly publicData: PickPublicData<Data> | null;
  /** `null` where the app connects no accounts. */
  readonly connecting: Connecting | null;
  /** `null` where each session has a grant of its own. */
  readonly sharing: Sharing | null;
}

const members = {
  ...wayMembers,
  ...{ providers: 1, baseUrl: 1, secret: 1, authPath: 1 },
  ...{ session: 1, store: 1, longestPause: 1, trustedOrigins: 1, afterLogout: 1 },
  ...{ grants: 1, owner: 1, ownerOf: 1, accountOf: 1, onConflict: 1 },
  ...{ onLogin: 1, publicData: 1, onEvent: 1, onError: 1, onChoose: 1, name: 1, fetch: 1, now: 1 },
} satisfies Members<keyof PixyOptions<unknown>>;

/** Seconds. */
const day = 86_400;

/**
 * Checks the options in full, without I/O or randomness.
 *
 * @throws ConfigurationError that names the option
 */
export function readOptions<Data>(given: PixyOptions<Data>): Settings<Data> {
  checkMembers("", given, members);
  const options = withGrants(given);
  const { session = {} } = options;
  checkFunctions("", options, ["onLogin", "onEvent", "onError", "onChoose", "fetch", "now"]);
  checkMembers("session", session, { idle: 1, absolute: 1, persistent: 1 } satisfies Members<keyof SessionOptions>);
  const baseUrl = readBaseUrl(options.baseUrl);
  const basePath = basePathOf(baseUrl);
  const authPath = readPath("authPath", options.authPath ?? "/auth");
  const secure = baseUrl.protocol === "https:";
  const name = readName(options.name ?? (isLoopback(baseUrl) && baseUrl.port ? `pixy-${baseUrl.port}` : "pixy"));
  const stem = `${cookiePrefix(secure)}${name}`;
  const now = options.now ?? Date.now;
  const emit = createEmitter(options.onEvent, now);
  const homeUrl = homePath(basePath);
  // Sessions that share grants are kept where these are.
  const store = readStore(options.store ?? storeOf(options));
  const warnOfRotation = createRotationWarning(store, emit);
  const onProvider = (provider: Provider) => {
    checkRoutes(provider, store);
    warnOfRotation(provider);
  };
  const place = { baseUrl, basePath, authPath, now, emit, onProvider };
  const ways = readWays(options, place);
  const sharing = readSharing(options, ways);
  const [first, ...more] = ways;
  const settings: Settings<Data> = Object.freeze({
    get provider() {
      return more.length === 0 ? first.provider.known : null;
    },
    ways,
    // A URL can be changed in place: whoever asks gets one of their own.
    get baseUrl() {
      return new URL(baseUrl);
    },
    basePath,
    authPath,
    loginUrl: `${basePath}${authPath}/login`,
    homeUrl,
    afterLogout: readAfterLogout(options.afterLogout, baseUrl) ?? homeUrl,
    trustedOrigins: readOrigins(options.trustedOrigins ?? []),
    secrets: readSecretsOf(options, ways),
    secure,
    cookies: Object.freeze({ session: stem, attempt: `${stem}-login-`, spent: `${stem}-done`, pass: `${stem}-pass` }),
    idle: readSeconds("session.idle", session.idle ?? 30 * day) * 1000,
    absolute: readSeconds("session.absolute", session.absolute ?? 365 * day) * 1000,
    persistent: readPersistent(session.persistent),
    longestPause:
      options.longestPause === undefined ? undefined : readSeconds("longestPause", options.longestPause) * 1000,
    store,
    instance: [stem, ...ways.flatMap(identityOf)].join("\u001f"),
    emit,
    now,
    ownNow: options.now,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    onLogin: options.onLogin,
    publicData: readPublicData(options.publicData),
    connecting: readConnecting(options, ways),
    sharing,
    onError: options.onError,
    onChoose: options.onChoose,
    way: (key) => ways.find((way) => way.key === key),
  } satisfies Settings<Data>);
  return settings;
}

/** The settings without the secrets: whoever logs or sends them gives nothing away that opens a session. */
export function publicSettings<Data>(settings: Settings<Data>): PublicSettings {
  // By descriptor, or every reader would share one URL.
  const {
    secrets: _secrets,
    onLogin: _onLogin,
    publicData: _publicData,
    connecting: _connecting,
    sharing: _sharing,
    ...rest
  } = Object.getOwnPropertyDescriptors(settings);
  return Object.freeze(Object.defineProperties({}, rest)) as PublicSettings;
}

/** The secret seals, and no provider may know it: it is held against each registration. */
function readSecretsOf({ secret }: { readonly secret: SecretInput }, ways: Ways): Secrets {
  const [secrets] = ways.map((way) => readSecrets(secret, way.registration));
  return secrets as Secrets;
}

/** What sets a way to log in apart in this process. */
export function identityOf({ key, clientId, provider }: Way): string[] {
  return [key ?? "", provider.isFound ? "" : (provider.known?.issuer ?? ""), clientId];
}

/** Routes of a provider's own end sessions, which have to be found for that. */
function checkRoutes({ name, routes }: Provider, store: RecordStore | null): void {
  if (routes === undefined || store?.index !== undefined) return;
  throw refuseOption(
    "store",
    `${name} has routes that end sessions. Take a store with an index: memoryStore(), @pixy/redis or @pixy/postgres.`,
  );
}

/** Warns once of sessions in cookies whose provider replaces refresh tokens: as it is given, or as it is found. */
function createRotationWarning(store: RecordStore | null, emit: EmitEvent): (provider: Provider) => void {
  let isSilent = store !== null;
  return ({ name, refreshTokens }) => {
    if (isSilent || refreshTokens.rotation !== "rotating") return;
    isSilent = true;
    emit({
      type: "set-up.warning",
      code: "rotation_needs_a_store",
      message:
        `${name} replaces refresh tokens, and sessions live in cookies. One process is safe. Several processes or ` +
        "isolates may spend the same token. Keep sessions in @pixy/redis, @pixy/postgres or @pixy/cloudflare before you " +
        "run a second one.",
    });
  };
}
