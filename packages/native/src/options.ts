import {
  type ClientAuthentication,
  ConfigurationError,
  checkFunctions,
  checkMembers,
  type ExtraParameters,
  type Members,
  none,
  PixyError,
  type Provider,
  registeredClient,
} from "@pixy/core";
import type { GrantEvent, MaybePromise, RecordStore, SecretInput } from "@pixy/grants";
import { type Machine, thisMachine } from "./files/app-directory.ts";
import { type FileStore, fileStore, isAppName } from "./files/file-store.ts";
import { openInBrowser } from "./terminal/open-browser.ts";
import type { LoginPrompt } from "./terminal/prompt.ts";
import { processTerminal, type Terminal } from "./terminal/terminal.ts";

/** Everything is checked when it is given. */
export interface NativeOptions {
  /** The app's name: decides where tokens live, and stands on the page that ends a login. Letters, digits, `.`, `-`, `_`. */
  readonly name: string;
  /** The authorization server, or a function that finds it at first use: `() => discover(issuer)`. */
  readonly provider: Provider | (() => MaybePromise<Provider>);
  readonly clientId: string;
  /** What a login asks for. */
  readonly scope?: readonly string[] | undefined;
  /** Default: a public client. A secret in an app that is given away is none; some providers want one all the same. */
  readonly clientAuthentication?: ClientAuthentication | undefined;
  /**
   * As it is registered. On loopback without a port, a free one is taken: `http://127.0.0.1/callback`, the default. An app's
   * own scheme, `com.example.app:/callback`, comes back by `callback()`.
   */
  readonly redirectUri?: string | undefined;
  /** Further parameters of the login URL. */
  readonly parameters?: ExtraParameters | undefined;
  /** Tells the logins apart where one person has several. */
  readonly account?: string | undefined;
  /** Where tokens live; default: `fileStore({ name })`. */
  readonly store?: RecordStore | FileStore | undefined;
  /** Seals what is kept; default: the file store's own, or one of this process for `memoryStore()`. A key chain's goes here. */
  readonly secret?: SecretInput | (() => MaybePromise<SecretInput>) | undefined;
  /** What to run for a login, for messages; default: `NAME login`. */
  readonly loginCommand?: string | undefined;
  /** Shows a person what to do; default: writes it to the terminal. */
  readonly show?: ((prompt: LoginPrompt) => void) | undefined;
  /** Default: the system's browser, by the package `open`. */
  readonly openBrowser?: ((url: string) => MaybePromise<void>) | undefined;
  /** Default: what this process writes errors to and reads from. */
  readonly terminal?: Terminal | undefined;
  readonly onEvent?: ((event: GrantEvent) => unknown) | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly now?: (() => number) | undefined;
  /** How a pause between two polls passes, for tests. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** The machine that this runs on, for tests. */
  readonly machine?: Machine | undefined;
}

/** The options after they were checked. */
export interface NativeSettings {
  readonly name: string;
  readonly account: string | undefined;
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly authentication: ClientAuthentication;
  readonly redirectUri: string;
  readonly parameters: ExtraParameters;
  readonly store: RecordStore;
  readonly loginCommand: string;
  readonly show: ((prompt: LoginPrompt) => void) | undefined;
  readonly terminal: Terminal;
  readonly onEvent: (event: GrantEvent) => unknown;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly machine: Machine;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  openBrowser(url: string): MaybePromise<void>;
  provider(): MaybePromise<Provider>;
  secret(): MaybePromise<SecretInput>;
}

const members = {
  ...{
    name: 1,
    provider: 1,
    clientId: 1,
    scope: 1,
    clientAuthentication: 1,
    redirectUri: 1,
    parameters: 1,
    account: 1,
  },
  ...{
    store: 1,
    secret: 1,
    loginCommand: 1,
    show: 1,
    openBrowser: 1,
    terminal: 1,
    onEvent: 1,
    fetch: 1,
    now: 1,
    wait: 1,
  },
  machine: 1,
} satisfies Members<keyof NativeOptions>;

/**
 * Checks the options in full, without I/O or randomness.
 *
 * @throws ConfigurationError that names the option
 */
export function readOptions(options: NativeOptions): NativeSettings {
  checkMembers("", options, members);
  const {
    name,
    provider,
    clientId,
    scope = [],
    redirectUri = "http://127.0.0.1/callback",
    machine = thisMachine(),
  } = options;
  checkFunctions("", options, ["clientAuthentication", "show", "openBrowser", "onEvent", "fetch", "now", "wait"]);
  if (!isAppName(name)) throw refuse("name", "Use letters, digits, ., - and _, at most 64 of them.");
  if (typeof provider !== "function" && typeof provider?.tokenEndpoint !== "string") {
    throw refuse("provider", "Give `spotify`, a `defineProvider(…)`, or () => discover(issuer).");
  }
  if (!Array.isArray(scope)) throw refuse("scope", 'Give a list, one scope per element: ["a", "b"].');
  const { clientAuthentication: authentication = none(), account, loginCommand = `${name} login` } = options;
  // All that can be known before the provider is.
  const shape = { name: "", issuer: "", authorizationEndpoint: "", tokenEndpoint: "" } as unknown as Provider;
  registeredClient({
    provider: typeof provider === "function" ? shape : provider,
    clientId,
    redirectUri,
    authentication,
  });
  const { store = fileStore({ name, now: options.now }) } = options;
  if (typeof store?.acquire !== "function") throw refuse("store", "Give fileStore(…), memoryStore(), or leave it out.");
  return Object.freeze({
    ...{ name, account, clientId, scope, authentication, redirectUri, store, loginCommand, machine },
    parameters: options.parameters ?? {},
    show: options.show,
    terminal: options.terminal ?? processTerminal(),
    // Callers are told what went wrong by the error that they get; these would be lost.
    onEvent: options.onEvent ?? warn,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    now: options.now ?? Date.now,
    wait: options.wait ?? waitByTimer,
    openBrowser: options.openBrowser ?? openInBrowser,
    provider: () => (typeof provider === "function" ? provider() : provider),
    secret: readSecret(options.secret, store),
  } satisfies NativeSettings);
}

function readSecret(secret: NativeOptions["secret"], store: RecordStore | FileStore): NativeSettings["secret"] {
  if (typeof secret === "function") return secret;
  if (secret !== undefined) return () => secret;
  if ("secret" in store) return () => store.secret();
  if (store.reach === "process") {
    const own = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    return () => own;
  }
  throw refuse(
    "secret",
    "Give 32 random bytes as base64url, the same in each process: this store has none of its own.",
  );
}

function warn(event: GrantEvent): void {
  if (event.type === "refresh.commit_failed") {
    console.warn("The renewed tokens could not be saved yet. If this program ends before they are, log in again.");
  }
  if (event.type === "revocation.failed") {
    const why = PixyError.isInstance(event.error) ? ` ${event.error.message}` : "";
    console.warn(`The login is deleted here. The provider could not be told, so that its tokens live on there.${why}`);
  }
}

function waitByTimer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
}

function refuse(option: string, hint: string): ConfigurationError {
  const message = `The option ${option} cannot be used. ${hint}`;
  return new ConfigurationError(message, { code: "invalid_option", option, hint });
}
