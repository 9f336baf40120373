import { isDecided, type TokenAnswer, type TokenRequestKind } from "./refusals.ts";
import { discardBody, mediaType, objectOf, parseJson, readText } from "./response-body.ts";

const largest = 65_536;

/**
 * Reads an answer of the token or revocation endpoint: JSON whatever its type says, a form that is declared as one.
 * A body that cannot matter is not read.
 */
export async function readAnswer(response: Response, request: TokenRequestKind): Promise<TokenAnswer> {
  const { status } = response;
  if (!isDecided(status)) {
    discardBody(response);
    return { request, status, body: "other", members: {} };
  }
  const text = await readText(response, largest);
  if (text?.trim() === "") return { request, status, body: "empty", members: {} };
  const value = text?.startsWith("\ufeff") ? behindMark(text) : parseJson(text);
  if (value !== undefined) return { request, status, body: "json", members: objectOf(value) ?? {} };
  const isForm = mediaType(response) === "application/x-www-form-urlencoded";
  const members = isForm ? Object.fromEntries(new URLSearchParams(text ?? undefined)) : {};
  if ("error" in members || "access_token" in members) return { request, status, body: "form", members };
  return { request, status, body: "other", members: {} };
}

/** What says no is read behind a byte order mark, too (RFC 8259 section 8.1); tokens behind one are no JSON. */
function behindMark(text: string): unknown {
  const value = parseJson(text.slice(1));
  return "access_token" in (objectOf(value) ?? {}) ? undefined : value;
}
