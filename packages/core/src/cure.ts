import type { Tokens } from "./tokens.ts";

// Of tokens that were renewed because an API had refused those before: whether it has yet to judge them, by its origin.
const cures: WeakMap<Tokens, Map<string, boolean>> = /* @__PURE__ */ new WeakMap();

/** Tells whether new tokens may help after `origin` refused these; not twice in a row, or each call would renew them. */
export function isCurable(tokens: Tokens, origin: string): boolean {
  return !cures.get(tokens)?.has(origin);
}

/** Notes that these tokens were renewed because `origin` refused those before. */
export function expectCure(tokens: Tokens, origin: string): void {
  const known = cures.get(tokens) ?? new Map();
  cures.set(tokens, known.set(origin, true));
}

/** Notes whether `origin` takes them: what is refused at once stays so, what is taken at first may be renewed later. */
export function noteCure(tokens: Tokens, origin: string, isRefused: boolean): void {
  const known = cures.get(tokens);
  if (!known?.get(origin)) return;
  if (isRefused) known.set(origin, false);
  else known.delete(origin);
}
