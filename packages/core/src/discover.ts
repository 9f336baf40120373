import { type DeadlineOptions, withDeadline } from "./deadline.ts";
import { parseEndpoint } from "./endpoint.ts";
import { ConfigurationError, DiscoveryError, type DiscoveryErrorCode, invalidOption, PixyError } from "./errors.ts";
import { checkMembers, type Members } from "./members.ts";
import { printable } from "./printable.ts";
import { checkGivenProvider, defineProvider, type Provider, type ProviderInput } from "./provider.ts";
import { discardBody, mediaType, objectOf, parseJson, readText } from "./response-body.ts";

export interface DiscoverOptions extends DeadlineOptions {
  /** What the metadata does not say (name, api, refresh token rules …); an endpoint given here must equal the metadata's. */
  readonly provider?: Partial<Omit<ProviderInput, "issuer" | "allowInsecureLoopback">> | undefined;
  /** The `issuer` that the metadata has, where it is not the one asked for: a pattern for those of many tenants. */
  readonly metadataIssuer?: string | undefined;
  /** Reads OpenID Connect's document, whose well-known path comes after the issuer's. */
  readonly openid?: boolean | undefined;
  /** `known`: the provider supports S256 although its metadata does not say so. */
  readonly pkce?: "known" | undefined;
  /** Default false. */
  readonly allowInsecureLoopback?: boolean | undefined;
  /** Seconds until the metadata is read again, default 3600; when that fails, the old stays in use. */
  readonly lifetime?: number | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** The clock in milliseconds, default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const members = {
  ...{ provider: 1, metadataIssuer: 1, openid: 1, pkce: 1, allowInsecureLoopback: 1, lifetime: 1, fetch: 1, now: 1 },
  ...{ signal: 1, timeout: 1 },
} satisfies Members<keyof DiscoverOptions>;

/** A request that is under way, as others see it: by its result, which they look for. */
interface Asking {
  /** Milliseconds since 1970 from when on it counts as over: who asked may have been stopped, as workers are. */
  readonly until: number;
  isOver: boolean;
  provider?: Provider | undefined;
  error?: unknown;
}

interface Entry {
  provider?: Provider | undefined;
  until: number;
  asking?: Asking | undefined;
}

// By fetch function first: two of them may lead to different networks.
const entries: WeakMap<typeof fetch, Map<string, Entry>> = /* @__PURE__ */ new WeakMap();
const largest = 65_536;
/** Milliseconds. */
const longest = 5_000;
/** Milliseconds between two looks for another caller's result. */
const look = 10;

/**
 * Reads a provider's metadata: one request for concurrent callers, kept for `lifetime`, failures not kept.
 * The issuer must come from your configuration, never from a request.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414#section-3 RFC 8414 section 3}
 * @throws DiscoveryError where the metadata cannot be had or trusted, ConfigurationError for a wrong issuer or option.
 * @example
 * const provider = await discover("https://as.example");
 */
export async function discover(issuer: string, options: DiscoverOptions = {}): Promise<Provider> {
  const {
    fetch: fetchNow = globalThis.fetch,
    now = Date.now,
    lifetime = 3600,
    allowInsecureLoopback = false,
    timeout = longest,
    signal,
  } = options;
  checkMembers("", options, members);
  checkGivenProvider(options.provider ?? {});
  signal?.throwIfAborted();
  if (parseEndpoint("issuer", issuer, allowInsecureLoopback).search) {
    throw invalidOption("issuer", "An issuer has no query, RFC 8414 section 2.");
  }
  const known = entries.get(fetchNow) ?? new Map<string, Entry>();
  entries.set(fetchNow, known);
  const given = [issuer, options.metadataIssuer, options.openid, options.pkce, allowInsecureLoopback, options.provider];
  // A function has no place in a key: a provider with a rule of its own is not shared.
  let shared = true;
  const key = JSON.stringify(given, (_name, value: unknown) => {
    if (typeof value === "function") shared = false;
    return value;
  });
  const kept: Entry = (shared && known.get(key)) || { until: 0 };
  if (shared) known.set(key, kept);
  const running = kept.asking && now() < kept.asking.until ? kept.asking : undefined;
  if (kept.provider && (running || now() < kept.until)) return kept.provider;
  if (running) {
    await withDeadline((given) => whenOver(running, given), { signal, timeout }, late);
    if (running.provider) return running.provider;
    throw running.error;
  }
  const asking: Asking = { until: now() + timeout, isOver: false };
  kept.asking = asking;
  const end = (result: Pick<Asking, "provider" | "error">, seconds: number): void => {
    Object.assign(asking, result, { isOver: true });
    // Another caller gave this one up, and asked anew.
    if (kept.asking !== asking) return;
    if (shared && !asking.provider) known.delete(key);
    Object.assign(kept, { provider: asking.provider, until: now() + seconds * 1000, asking: undefined });
  };
  const ask = (): Promise<Provider> =>
    request(issuer, fetchNow, { ...options, timeout }).then(
      (provider) => {
        end({ provider }, lifetime);
        return provider;
      },
      (error: unknown) => {
        end({ provider: kept.provider, error }, Math.min(lifetime, 60));
        if (kept.provider) return kept.provider;
        throw error;
      },
    );
  // Its end is kept also where nobody waits for it any more.
  return withDeadline(ask, { signal });
}

/** Looks for the result instead of awaiting it: a worker must not await the promise of another request. */
async function whenOver(asking: Asking, signal: AbortSignal): Promise<void> {
  while (!asking.isOver && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, look));
}

function late(): Error {
  return failure("metadata_unavailable", "The provider's metadata did not arrive in time.");
}

async function request(issuer: string, fetchNow: typeof fetch, options: DiscoverOptions): Promise<Provider> {
  const { timeout } = options;
  let data: Readonly<Record<string, unknown>> | null;
  try {
    data = await withDeadline((signal) => read(wellKnown(issuer, options.openid), fetchNow, signal), { timeout }, late);
  } catch (error) {
    if (PixyError.isInstance(error)) throw error;
    throw failure("metadata_unavailable", "The provider's metadata could not be reached.", error);
  }
  if (!data) throw failure("invalid_metadata", "The provider's metadata is not a JSON object of at most 64 KiB.");
  // Compared by code points: everything in a document for another issuer is discarded (section 3.3).
  if (data.issuer !== (options.metadataIssuer ?? issuer)) throw issuerMismatch(data.issuer);
  if (!options.provider?.pkce) checkPkce(data.code_challenge_methods_supported, options.pkce);
  return define(issuer, data, options);
}

async function read(
  url: string,
  fetchNow: typeof fetch,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | null> {
  const response = await fetchNow(url, { headers: { Accept: "application/json" }, redirect: "manual", signal });
  if (response.status === 200 && !response.redirected && mediaType(response) === "application/json") {
    return objectOf(parseJson(await readText(response, largest)));
  }
  discardBody(response);
  if (response.redirected || response.type === "opaqueredirect" || /^3/.test(String(response.status))) {
    throw redirected(url, response.headers.get("Location") ?? response.url);
  }
  throw failure(
    "metadata_unavailable",
    `The metadata at ${url} were answered with status ${response.status}, not with 200 and JSON.`,
  );
}

// A success is 200 (RFC 8414 section 3.2), and the issuer vouches for what is at its own URL only.
function redirected(url: string, location: string): DiscoveryError {
  const target = location && ` to ${printable(location, 200)}`;
  return new DiscoveryError(`The metadata at ${url} are a redirect${target}, which is not followed.`, {
    code: "metadata_unavailable",
    hint: "Check the issuer, also its final slash. If the metadata is only there, describe the provider with defineProvider() and the endpoints that it names.",
  });
}

function wellKnown(issuer: string, openid: boolean | undefined): string {
  const base = issuer.replace(/\/$/, "");
  if (openid) return `${base}/.well-known/openid-configuration`;
  const { origin } = new URL(base);
  return `${origin}/.well-known/oauth-authorization-server${base.slice(base.indexOf("://") + 3).replace(/[^/]*/, "")}`;
}

// Microsoft's metadata for many tenants name none of them: https://login.microsoftonline.com/{tenantid}/v2.0.
function issuerMismatch(issuer: unknown): DiscoveryError {
  if (typeof issuer !== "string" || !/[{}]/.test(issuer)) {
    return failure("metadata_issuer_mismatch", "The metadata names another issuer.");
  }
  return new DiscoveryError("The metadata names a pattern for many issuers, and a login needs one.", {
    code: "metadata_issuer_mismatch",
    hint: "Give the issuer of a single tenant: write its id in place of common or organizations. Or use defineProvider().",
  });
}

function checkPkce(methods: unknown, pkce: "known" | undefined): void {
  if (methods !== undefined && !(Array.isArray(methods) && methods.every((method) => typeof method === "string"))) {
    throw failure("invalid_metadata", "code_challenge_methods_supported is not a list.");
  }
  if (methods === undefined ? pkce === "known" : (methods as string[]).includes("S256")) return;
  throw failure("pkce_unsupported", "The provider does not announce PKCE with S256.");
}

type Endpoint = "authorizationEndpoint" | "tokenEndpoint" | "revocationEndpoint" | "deviceAuthorizationEndpoint";

function define(issuer: string, data: Readonly<Record<string, unknown>>, options: DiscoverOptions): Provider {
  const given = options.provider ?? {};
  const pick = (option: Endpoint, name: string): string => {
    const value = data[name] ?? "";
    if (given[option] && value && given[option] !== value) {
      throw new ConfigurationError(`${option} differs from the provider's metadata.`, {
        code: "metadata_conflict",
        option,
        hint: "Remove the option, or describe the provider with defineProvider().",
      });
    }
    return (value || given[option] || "") as string;
  };
  const input: ProviderInput = {
    name: new URL(issuer).host,
    issuerInCallback: data.authorization_response_iss_parameter_supported === true ? "required" : undefined,
    ...given,
    issuer,
    authorizationEndpoint: pick("authorizationEndpoint", "authorization_endpoint"),
    tokenEndpoint: pick("tokenEndpoint", "token_endpoint"),
    revocationEndpoint: pick("revocationEndpoint", "revocation_endpoint"),
    deviceAuthorizationEndpoint: pick("deviceAuthorizationEndpoint", "device_authorization_endpoint"),
    allowInsecureLoopback: options.allowInsecureLoopback,
  };
  try {
    const provider = defineProvider(input);
    documents.set(provider, data);
    return provider;
  } catch (error) {
    throw failure("invalid_metadata", "The metadata cannot be used.", error);
  }
}

const documents: WeakMap<Provider, Readonly<Record<string, unknown>>> = /* @__PURE__ */ new WeakMap();

/** Returns the metadata that `discover` made a provider of, as they were written; nothing in them but the issuer is checked. */
export function metadataOf(provider: Provider): Readonly<Record<string, unknown>> {
  return documents.get(provider) ?? {};
}

const hints: Readonly<Record<DiscoveryErrorCode, string>> = {
  metadata_unavailable:
    "Check the issuer and the network. Try openid: true for an OpenID Connect provider, openid: false for OAuth. Or use defineProvider().",
  invalid_metadata: "Describe the provider with defineProvider() instead.",
  metadata_issuer_mismatch: "Write the issuer exactly as the metadata does, also its trailing slash.",
  pkce_unsupported: 'It documents S256 but lists none? Set pkce: "known".',
};

function failure(code: DiscoveryErrorCode, message: string, cause?: unknown): DiscoveryError {
  return new DiscoveryError(message, { code, hint: hints[code], cause });
}
