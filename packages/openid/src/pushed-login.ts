import {
  type ProviderHeaders,
  type ProviderSteps,
  type PushingClient,
  readRetryAfter,
  TokenRequestError,
  type TokenRequestErrorInput,
} from "@pixy/core";
import { readAnswer } from "./read-json.ts";

export interface PushedLoginOptions {
  readonly fetch: typeof fetch;
  /** What the provider wants with each of its own requests. */
  readonly headers: ProviderHeaders;
}

/** Milliseconds, and characters of the reference. */
const longest = 5_000;
const largest = 2_048;

/**
 * Sends what a login asks for to the provider itself, so that a browser carries a reference to it and cannot change it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126 RFC 9126}
 */
export function pushedLogin(
  endpoint: string,
  { fetch: fetchNow, headers: own }: PushedLoginOptions,
): Pick<ProviderSteps, "pushLogin"> {
  return {
    async pushLogin(uri, client) {
      const { origin, pathname } = uri;
      const response = await send(uri, client);
      const text = await readAnswer(response).catch((cause: unknown) => {
        throw unavailable("The answer to a pushed login did not arrive whole.", { cause });
      });
      const { request_uri, error } = membersOf(text);
      if (response.status !== 201 || typeof request_uri !== "string" || request_uri.length > largest) {
        throw refused(response, typeof error === "string" ? error : undefined);
      }
      const to = new URL(origin + pathname);
      to.search = new URLSearchParams({ client_id: client.clientId, request_uri }).toString();
      return to;
    },
  };

  async function send({ searchParams }: URL, client: PushingClient): Promise<Response> {
    const body = new URLSearchParams(searchParams);
    const headers = new Headers({
      Accept: "application/json",
      "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
      ...own,
    });
    await client.authenticate(body, headers, endpoint);
    const signal = AbortSignal.timeout(longest);
    try {
      return await fetchNow(endpoint, { method: "POST", headers, body: String(body), redirect: "manual", signal });
    } catch (cause) {
      throw unavailable("The endpoint for pushed logins could not be reached.", { cause });
    }
  }
}

function refused(response: Response, error: string | undefined): TokenRequestError {
  const { status } = response;
  const message = `A pushed login was answered with ${error ?? status}.`;
  const more = { status, error, retryAfter: readRetryAfter(response, Date.now()) ?? undefined };
  if (status === 429 || status >= 500) return unavailable(message, more);
  return new TokenRequestError(message, {
    code: "provider_misconfigured",
    outcome: "misconfigured",
    hint: "Compare redirect URI, scopes and client authentication with the registration.",
    ...more,
  });
}

function unavailable(
  message: string,
  more: Pick<TokenRequestErrorInput, "cause" | "status" | "error" | "retryAfter">,
): TokenRequestError {
  const hint = "Try again later.";
  return new TokenRequestError(message, { code: "provider_unavailable", outcome: "unavailable", hint, ...more });
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
