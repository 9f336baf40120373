import { readText } from "@pixy/core";

/** Octets of an answer, and milliseconds for all of it. */
const largest = 131_072;
const longest = 5_000;

/**
 * Reads a JSON object from the provider; a redirect is not followed.
 *
 * @throws Error that says why there is none
 */
export async function readJson(url: string, fetchNow: typeof fetch): Promise<Readonly<Record<string, unknown>>> {
  const signal = AbortSignal.timeout(longest);
  const response = await fetchNow(url, { headers: { Accept: "application/json" }, redirect: "manual", signal });
  if (response.status !== 200 || response.redirected) {
    response.body?.cancel().catch(() => {});
    throw new Error(`${url} was answered with ${response.status}.`);
  }
  const value: unknown = JSON.parse(await readAnswer(response));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${url} is no JSON object.`);
  return value as Readonly<Record<string, unknown>>;
}

/** Reads an answer of at most 128 kB as strict UTF-8; throws what the connection throws, and for more. */
export async function readAnswer(response: Response): Promise<string> {
  const text = await readText(response, largest, new TextDecoder("utf-8", { fatal: true }));
  if (text === null) throw new Error(`The answer has more than ${largest} octets.`);
  return text;
}
