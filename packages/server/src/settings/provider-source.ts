import { type FindProvider, PixyError, type Provider } from "@pixy/core";
import type { MaybePromise } from "@pixy/grants";
import { providerMisconfigured, providerUnavailable, type RequestError } from "../errors.ts";
import type { EmitEvent } from "./events.ts";
import { refuseOption } from "./option-values.ts";

/** Where a provider comes from: the options, or a function that is asked at first use. */
export interface ProviderSource {
  /** Whether it is found at first use. */
  readonly isFound: boolean;
  /** The provider, where it is at hand. */
  readonly known: Provider | null;
  /**
   * Returns the provider. What is older than ten minutes is read anew beside the request, which goes on with the old.
   *
   * @throws RequestError `provider_unavailable`, `provider_misconfigured`; for 10 seconds without asking again
   */
  find(keepAlive?: (promise: Promise<unknown>) => void): MaybePromise<Provider>;
}

/** Milliseconds after which what was found is asked for again, in which no failure is tried again, and that one asking may take. */
const fresh = 600_000;
const pause = 10_000;
const longest = 7_000;
/** Milliseconds between two looks for another request's result. */
const look = 10;

export function givenProvider(provider: Provider): ProviderSource {
  return { isFound: false, known: provider, find: () => provider };
}

/** One asking, as other requests see it: a worker must not await the promise of another request, and looks for its result. */
interface Asking {
  readonly until: number;
  isOver: boolean;
}

export interface FoundProviderOptions {
  /** The key of the way to log in; `null` for the only one. */
  readonly key: string | null;
  readonly now: () => number;
  readonly emit: EmitEvent;
  /** Takes each provider that was found, before it is used; throws for one that cannot be. */
  readonly check: (provider: Provider) => void;
}

/** A provider that is found at first use, and shared between requests as a result. */
export function foundProvider(find: FindProvider, { key, now, emit, check }: FoundProviderOptions): ProviderSource {
  let known: Provider | null = null;
  let staleAt = 0;
  let failure: { readonly cause: unknown; readonly until: number } | null = null;
  let asking: Asking | null = null;

  async function ask(): Promise<Provider> {
    const mine: Asking = { until: now() + longest, isOver: false };
    asking = mine;
    try {
      const found = read(await inTime(find));
      failure = null;
      known = found;
      staleAt = now() + fresh;
      return found;
    } catch (cause) {
      failure = { cause, until: now() + pause };
      emit({ type: "discovery.failed", provider: key, error: cause });
      throw refusal(failure);
    } finally {
      mine.isOver = true;
      if (asking === mine) asking = null;
    }
  }

  function read(found: Provider): Provider {
    if (typeof found?.tokenEndpoint !== "string") {
      throw refuseOption("provider", "The function must return a provider, such as `discover(issuer)` gives.");
    }
    if (known !== null && found.issuer !== known.issuer) {
      throw refuseOption("provider", `The issuer changed from ${known.issuer} to ${found.issuer}. Return the same.`);
    }
    check(found);
    const [from, to] = [originOf(known), originOf(found)];
    if (from !== null && to !== null && from !== to) emit({ type: "provider.moved", provider: key, from, to });
    return found;
  }

  /** Looks for the result of the request that asks; once it is late, it asks itself. */
  async function follow(other: Asking): Promise<Provider> {
    for (let waited = 0; !other.isOver && waited < longest; waited += look) await wait(look);
    if (asking === other) asking = null;
    if (known !== null) return known;
    if (failure !== null && now() < failure.until) throw refusal(failure);
    // Another of those who waited may ask already.
    return asking !== null && now() < asking.until ? follow(asking) : ask();
  }

  function refusal({ cause, until }: NonNullable<typeof failure>): RequestError {
    const mayPass = !PixyError.isInstance(cause) || cause.code === "metadata_unavailable";
    const left = Math.max(1, until - now());
    return mayPass ? providerUnavailable(left, cause) : providerMisconfigured(left, cause);
  }

  return {
    isFound: true,
    get known() {
      return known;
    },
    find(keepAlive) {
      const isAsking = asking !== null && now() < asking.until;
      const isPaused = failure !== null && now() < failure.until;
      if (known !== null) {
        const provider = known;
        if (now() >= staleAt && !isAsking && !isPaused) {
          const asked = ask().catch(() => {});
          keepAlive?.(asked);
        }
        return provider;
      }
      if (failure !== null && isPaused) throw refusal(failure);
      return isAsking && asking !== null ? follow(asking) : ask();
    },
  };
}

function originOf(provider: Provider | null): string | null {
  return provider === null ? null : new URL(provider.tokenEndpoint).origin;
}

async function inTime(find: FindProvider): Promise<Provider> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The provider was not found within ${longest / 1000} seconds.`)),
      longest,
    );
  });
  try {
    return await Promise.race([find(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
