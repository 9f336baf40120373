// The contracts assert by throwing, so that they run under any test runner.

export function equal(actual: unknown, expected: unknown, what?: string): void {
  if (canonical(actual) !== canonical(expected)) throw failure(expected, actual, what);
}

export function above(actual: number, bound: number): void {
  if (!(actual > bound)) throw failure(`more than ${bound}`, actual);
}

export function within(actual: number, low: number, high: number): void {
  if (!(actual > low && actual <= high)) throw failure(`more than ${low}, at most ${high}`, actual);
}

export function matches(actual: string | null, pattern: RegExp, what?: string): void {
  if (actual === null || !pattern.test(actual)) throw failure(String(pattern), actual, what);
}

export function failure(expected: unknown, actual: unknown, what?: string): Error {
  const text = (value: unknown) => String(canonical(value)).slice(0, 300);
  return new Error(`${what === undefined ? "" : `${what}: `}expected ${text(expected)}, got ${text(actual)}`);
}

/** JSON with the names of objects in order; `undefined` stays apart from `null`. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_name, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
