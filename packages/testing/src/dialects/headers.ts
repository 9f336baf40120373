import type { ReceivedRequest, RequestKind } from "../state/recorded-request.ts";
import { type Dialect, hearing, say, type Words } from "./dialect.ts";

/** Refuses requests of a kind that lack a header, or whose header does not please. */
export function wantsHeader(
  kinds: RequestKind | readonly RequestKind[],
  name: string,
  words: Words,
  pleases: (value: string, request: ReceivedRequest) => boolean = (value) => value !== "",
): Dialect {
  return hearing(kinds, (request) => (pleases(request.headers.get(name) ?? "", request) ? request : say(words)));
}
