import { inspect } from "node:util";
import { PixyError } from "@pixy/core";
import fc from "fast-check";

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
}

export interface FuzzReport {
  readonly name: string;
  readonly runs: number;
  readonly seed: number;
  /** Milliseconds for all runs. */
  readonly duration: number;
  /** Milliseconds of the slowest input, the best of five: noise is not repeated, a slow input is. */
  readonly slowest: number;
  /** The smallest input that broke a promise, and how; null when none did. */
  readonly failure: string | null;
}

/** A place where strangers' input comes in. */
export interface Target {
  readonly name: string;
  run(options: FuzzOptions): Promise<FuzzReport>;
}

/** Makes a target of inputs and a check, which throws for a broken promise and leaves no state behind. */
export function target<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => unknown | Promise<unknown>,
): Target {
  return {
    name,
    async run({ runs, seed }) {
      let slow: { readonly input: Input; readonly time: number } | undefined;
      const property = fc.asyncProperty(inputs, async (input) => {
        const start = performance.now();
        await check(input);
        const time = performance.now() - start;
        if (slow === undefined || time > slow.time) slow = { input, time };
      });
      const start = performance.now();
      const details = await fc.check(property, { numRuns: runs, seed });
      const duration = performance.now() - start;
      const failure = details.failed ? (fc.defaultReportMessage(details) ?? "failed") : null;
      let slowest = slow?.time ?? 0;
      for (let again = 0; slow !== undefined && failure === null && again < 5; again++) {
        const begin = performance.now();
        await check(slow.input);
        slowest = Math.min(slowest, performance.now() - begin);
      }
      return { name, runs: details.numRuns, seed, duration, slowest, failure };
    },
  };
}

/** Runs a step that may refuse: returns its error, which must be one of ours. */
export async function refusal(step: () => unknown | Promise<unknown>): Promise<PixyError | null> {
  try {
    await step();
    return null;
  } catch (error) {
    if (PixyError.isInstance(error)) return error;
    throw error;
  }
}

/** Every way in which a value ends in a log. */
export function printed(value: unknown): string {
  const parts = [String(value), inspect(value, { depth: 9 }), JSON.stringify(value) ?? ""];
  for (let cause = value; cause instanceof Error; cause = cause.cause) parts.push(cause.message, cause.stack ?? "");
  return parts.join("\n");
}

/** Throws when one of the secrets shows in what can be read. */
export function keepSecret(text: string, secrets: readonly string[]): void {
  const told = secrets.find((secret) => text.includes(secret));
  if (told !== undefined) throw new Error(`The secret ${told} shows in: ${text}`);
}

/** Texts that parsers stumble over, mixed with the words that mean something to them. */
export function texts(words: readonly string[]): fc.Arbitrary<string> {
  const odd = [
    "",
    " ",
    "\t",
    "\u00a0",
    "\u2028",
    "\0",
    "\r\n",
    "/",
    "\\",
    "//",
    "..",
    "%",
    "%2f",
    "%00",
    "=",
    ";",
    ",",
    '"',
    "#",
    "?",
    "&",
    "é",
    "\ud800",
    "__proto__",
  ];
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...odd, ...words), fc.integer({ min: 2, max: 3_000 }))
        .map(([text, times]) => text.repeat(Math.min(times, Math.ceil(9_000 / (text.length || 1))))),
    },
  );
  return fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""));
}
