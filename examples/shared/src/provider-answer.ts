import { printableError } from "@pixy/server";

/** What an example answers with: a status, and a body that is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Turns the answer of the provider's API into the example's own; what is no JSON answer becomes a 502. */
export async function readProviderAnswer(response: Response): Promise<Answer> {
  const headers: Record<string, string> = {};
  const retryAfter = response.headers.get("retry-after");
  if (retryAfter !== null) headers["retry-after"] = retryAfter;
  if (!response.ok) {
    // Not awaited: Next hands out one half of a stream that it keeps the other half of, and then this never ends.
    response.body?.cancel().catch(() => {});
    // "Too many requests" is the one failure that the caller can do something about.
    return apiFailed(response.status === 429 ? 429 : 502, `The provider's API answered ${response.status}.`, headers);
  }
  try {
    return { status: 200, body: await response.json(), headers };
  } catch {
    return apiFailed(502, "The provider's API answered with something other than JSON.", headers);
  }
}

// The words of Node, workerd and Bun for a `fetch` whose connection failed: there is no common type.
const connectionFailed = /^(fetch failed|Network connection lost|Unable to connect|The socket connection was closed)/;

/** Prints what went wrong, when the provider's API could not be reached at all or the example itself failed, and returns what the caller gets. */
export function failureAnswer(error: unknown): Answer {
  const status = readStatus(error);
  // Anybody can send what cannot be read, and would fill the log.
  if (status < 500)
    return {
      status,
      body: { code: "bad_request", message: "This request cannot be read.", hint: "Check its URL and its headers." },
      headers: {},
    };
  console.error(printableError(error));
  if (error instanceof Error && connectionFailed.test(error.message)) {
    return apiFailed(502, "The provider's API cannot be reached.", {});
  }
  return {
    status: 500,
    body: { code: "internal_error", message: "Something went wrong here.", hint: "See the log of the application." },
    headers: {},
  };
}

function apiFailed(status: number, message: string, headers: Readonly<Record<string, string>>): Answer {
  return { status, body: { code: "api_failed", message, hint: "Try again in a moment; the login is kept." }, headers };
}

function readStatus(error: unknown): number {
  // Express says the one, Fastify the other.
  const { status, statusCode = status } = Object(error) as { readonly status?: unknown; readonly statusCode?: unknown };
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}
