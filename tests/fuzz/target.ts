import { inspect } from "node:util";
import { PixyError } from "@pixy/core";
import fc from "fast-check";
import { type CorpusEntry, readCorpus } from "./corpus.ts";

export interface FuzzOptions {
  /** New inputs; those of the corpus come first and are not counted. */
  readonly runs: number;
  readonly seed: number;
  /** Tried before all others. Default: what is saved for the target. */
  readonly corpus?: readonly CorpusEntry[];
  /** Is told every few hundred milliseconds how many inputs are done. */
  readonly onProgress?: (done: number) => void;
  /** Ends the run after the input that is being tried. */
  readonly signal?: AbortSignal;
}

export interface FuzzReport {
  readonly name: string;
  /** Inputs that were tried, without the corpus. */
  readonly runs: number;
  readonly corpus: number;
  readonly seed: number;
  /** Milliseconds for all runs. */
  readonly duration: number;
  /** Milliseconds of the slowest input, the best of five: noise is not repeated, a slow input is. */
  readonly slowest: number;
  readonly interrupted: boolean;
  /** The smallest input that broke a promise, and how; null when none did. */
  readonly failure: string | null;
  /** The same input as an entry for the corpus. */
  readonly found: CorpusEntry | null;
}

/** A place where strangers' input comes in. */
export interface Target {
  readonly name: string;
  run(options: FuzzOptions): Promise<FuzzReport>;
}

const breath = 300;

/** Makes a target of inputs and a check, which throws for a broken promise and leaves no state behind. */
export function target<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => unknown | Promise<unknown>,
): Target {
  return {
    name,
    async run({ runs, seed, corpus = readCorpus(name), onProgress, signal }) {
      let slow: { readonly input: Input; readonly time: number } | undefined;
      let done = -corpus.length;
      const start = performance.now();
      let paused = start;
      const property = fc.asyncProperty(inputs, async (input) => {
        if (signal?.aborted) throw new fc.PreconditionFailure(true);
        const begin = performance.now();
        await check(input);
        const end = performance.now();
        if (slow === undefined || end - begin > slow.time) slow = { input, time: end - begin };
        done++;
        if (end - paused < breath) return;
        onProgress?.(Math.max(0, done));
        // Promises alone would never let a signal or a timer through.
        await new Promise((resolve) => setImmediate(resolve));
        paused = performance.now();
      });
      const examples = corpus.map(({ input }): [Input] => [input as Input]);
      const details = await fc.check(property, { numRuns: runs + corpus.length, seed, examples });
      const duration = performance.now() - start;
      const failed = details.counterexample !== null;
      const failure = failed ? (fc.defaultReportMessage(details) ?? "failed") : null;
      const [input] = details.counterexample ?? [];
      const found = failed ? { why: `${firstLine(details.errorInstance)} (seed ${seed})`, input } : null;
      let slowest = slow?.time ?? 0;
      for (let again = 0; slow !== undefined && failure === null && again < 5; again++) {
        const begin = performance.now();
        await check(slow.input);
        slowest = Math.min(slowest, performance.now() - begin);
      }
      const counted = Math.max(0, details.numRuns - corpus.length);
      const { interrupted } = details;
      return {
        ...{ name, runs: counted, corpus: corpus.length, seed, duration, slowest, interrupted, failure, found },
      };
    },
  };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]?.slice(0, 120) ?? "";
}

/** Puts what only this process knows in the place of `{name}`, so that an input means the same in every run. */
export function filled(text: string, parts: Readonly<Record<string, string>>): string {
  // What a server reads of a header is limited to 16 KiB; repeated parts would outgrow it a hundred times.
  return text
    .replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(parts, name) ? (parts[name] ?? whole) : whole))
    .slice(0, 65_536);
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
