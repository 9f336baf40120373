/** One challenge of a `WWW-Authenticate` header; names are in lower case, of a repeated parameter the first counts. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a `WWW-Authenticate` header as far as it is well-formed, its first 8,192 characters; never throws.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 RFC 9110 section 11.6.1}
 */
export function parseWwwAuthenticate(header: string | null): readonly Challenge[] {
  const text = (header ?? "").slice(0, 8192);
  const item = /[\s,]*([!#$%&'*+.^_`|~\w-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/y;
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (let match = item.exec(text); match; match = item.exec(text)) {
    const [, name = "", quoted, plain] = match;
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain;
    const parameters = challenges.at(-1)?.parameters;
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else if (parameters && !parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
  return challenges;
}
