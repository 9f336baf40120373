/** Reduces a provider's text to at most 300 characters of printable ASCII without quotes and backslashes (RFC 6749 section 4.1.2.1). */
export function printable(text: string): string {
  return text.slice(0, 300).replace(/[^ !#-[\]-~]/g, "?");
}
