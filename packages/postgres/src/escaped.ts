/** Text as Postgres takes it: all but NUL. What we keep is sealed and never has one, but keys are anybody's. */
export function escaped(text: string): string {
  return /[\\\0]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0") : text;
}

/** The text that was escaped. */
export function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\(.)/g, (_, what: string) => (what === "0" ? "\0" : what)) : text;
}
