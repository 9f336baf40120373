// A text, or what opens, closes and parts; all else of JSON names nothing.
const signs = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * Tells whether an object of a JSON text names a member twice, at any depth: two readers may take different ones.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519#section-4 RFC 7519 section 4}
 */
export function hasDuplicateMembers(json: string): boolean {
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [sign] of json.matchAll(signs)) {
    if (sign === "{" || sign === "[") open.push(sign === "{" ? new Set() : null);
    else if (sign === "}" || sign === "]") open.pop();
    const names = open.at(-1) ?? null;
    if (isName && names !== null && sign.startsWith('"')) {
      // Two spellings of one name are one name.
      const name = JSON.parse(sign) as string;
      if (names.has(name)) return true;
      names.add(name);
    }
    isName = names !== null && (sign === "{" || sign === ",");
  }
  return false;
}
