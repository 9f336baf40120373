/** A header's name and value; `Set-Cookie` may come several times. */
export type HeaderLine = readonly [name: string, value: string];

/** The headers of an answer: `Headers`, or those of a framework in the same words, with names in lower case. */
export interface AnswerHeaders {
  keys(): Iterable<string>;
  get(name: string): unknown;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  delete(name: string): void;
}

/** What every answer says that depends on who asks: no cache between us and the browser keeps it. */
export const privateLines: readonly HeaderLine[] = Object.freeze([
  Object.freeze(["cache-control", "private, no-store"] as const),
  Object.freeze(["vary", "Cookie"] as const),
]);

/**
 * Adds our lines to the headers of the app's answer. Cookies come after the app's own, `Vary` is united, and of
 * `Cache-Control` the app's directives stay unless they would let a cache keep the answer. Every other line is set.
 */
export function addHeaders(headers: AnswerHeaders, lines: Iterable<HeaderLine>): void {
  // One walk over the names: each look-up in a `Headers` costs as much as all of it, and a list with values more.
  const own: { [name: string]: string } = {};
  for (const name of headers.keys()) if (isOfInterest(name)) own[name] = String(headers.get(name));
  for (const [name, value] of lines) {
    if (name === "set-cookie") headers.append(name, value);
    else if (name === "vary") headers.set(name, unite(own.vary, value));
    else if (name === "cache-control") {
      headers.set(name, restrict(own[name], value));
      for (const other of Object.keys(own)) if (isRival(other)) headers.delete(other);
    } else headers.set(name, value);
  }
}

function isOfInterest(name: string): boolean {
  return name === "vary" || name === "cache-control" || isRival(name);
}

/** Headers that a cache obeys before `Cache-Control`: RFC 9213 and its kind, the Edge Architecture Specification, nginx. */
function isRival(name: string): boolean {
  return name.endsWith("cdn-cache-control") || name === "surrogate-control" || name === "x-accel-expires";
}

/**
 * The directives that say that an answer may be kept, or for how long. `must-understand` is one of them: who understands
 * it ignores `no-store` (RFC 9111 section 5.2.2.3). Others, such as `no-transform`, say nothing against ours.
 */
const permissive: ReadonlySet<string> = new Set([
  ...["public", "max-age", "s-maxage", "immutable", "must-understand"],
  ...["stale-while-revalidate", "stale-if-error"],
]);

/** Our directives and those of the app's that do not contradict them. */
function restrict(own: string | undefined, ours: string): string {
  if (own === undefined || own === ours) return ours;
  const names = new Set(ours.split(", "));
  const kept = listOf(own).filter((directive) => {
    const name = directive.split("=", 1)[0]?.trim().toLowerCase() ?? "";
    return !permissive.has(name) && !names.has(name);
  });
  return [ours, ...kept].join(", ");
}

/** The names of both; `*` already stands for each. */
function unite(own: string | undefined, ours: string): string {
  if (own === undefined || own === ours) return ours;
  const names = listOf(own);
  if (names.includes("*")) return "*";
  const known = new Set(names.map((name) => name.toLowerCase()));
  return [...names, ...listOf(ours).filter((name) => !known.has(name.toLowerCase()))].join(", ");
}

/** The items of a list; a comma within quotes parts nothing (RFC 9110 section 5.6.1). */
function listOf(value: string): string[] {
  const items = value.match(/(?:"(?:\\.|[^"\\])*"?|[^",])+/g) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== "");
}
