/**
 * Makes text from outside fit for a terminal, a log and an error: control characters, marks of direction or without a
 * width, line separators and halves of characters become "?", and it ends after `limit` characters.
 */
export function printable(text: string, limit: number = 1000): string {
  return text.slice(0, limit).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}

/** Tells an error and its causes for a log, with code, hint and stack. Each line is printable, and no text can begin one of its own. */
export function printableError(error: unknown): string {
  const lines: string[] = [];
  for (let told = error; told !== undefined && lines.length < 100; ) {
    const facts = typeof told === "object" && told !== null ? told : { name: typeof told, message: told };
    const { name, message, code, hint, stack, cause } = facts as Readonly<Record<string, unknown>>;
    const label = code === undefined ? "" : ` [${String(code)}]`;
    lines.push(`${lines.length === 0 ? "" : "caused by "}${printable(`${String(name)}: ${String(message)}${label}`)}`);
    if (hint !== undefined) lines.push(`    ${printable(String(hint))}`);
    lines.push(...(String(stack).match(/^ +at .*/gm) ?? []).map((line) => printable(line)));
    told = cause;
  }
  return lines.join("\n");
}
