/** Takes away spaces and tabs at both ends, as HTTP does (RFC 9110 §5.5); `trim` takes other spaces too. */
export function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+/, "").replace(/(?<![ \t])[ \t]+$/, "");
}
